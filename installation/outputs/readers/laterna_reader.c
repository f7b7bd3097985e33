/* Writes the newest picture of a show with the output `shared-memory` to a PPM file, for Linux and macOS.
   cc -O2 -o laterna_reader laterna_reader.c && ./laterna_reader /dev/shm/laterna picture.ppm */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma pack(push, 1) /* little-endian; the file header and each slot header take 64 bytes */
struct file_header { char magic[4]; uint16_t version, slots; uint64_t bytes_per_slot; };
struct slot_header { char magic[4]; uint16_t version, unused; uint64_t sequence; uint32_t take, prompt;
                     double seconds; uint16_t width, height; uint32_t crc; };
#pragma pack(pop)

int main(int count, char **arguments) {
    if (count != 3) return fprintf(stderr, "usage: laterna_reader FILE PICTURE.ppm\n"), 2;
    int file = open(arguments[1], O_RDONLY);
    struct stat about;
    if (file < 0 || fstat(file, &about)) return perror(arguments[1]), 1;
    const uint8_t *ring = mmap(NULL, about.st_size, PROT_READ, MAP_SHARED, file, 0);
    const struct file_header *head = (const void *)ring;
    if (ring == MAP_FAILED || memcmp(head->magic, "LTRN", 4)) return fprintf(stderr, "no ring\n"), 1;
    for (int attempt = 0; attempt < 1000; attempt++) {
        const struct slot_header *newest = NULL;
        for (int slot = 0; slot < head->slots; slot++) {
            const struct slot_header *each = (const void *)(ring + 64 + slot * (64 + head->bytes_per_slot));
            if (each->sequence && (!newest || each->sequence > newest->sequence)) newest = each;
        }
        if (!newest) { usleep(10000); continue; } /* no frame yet */
        struct slot_header before = *newest;
        size_t size = (size_t)before.width * before.height * 3;
        uint8_t *pixels = malloc(size); /* RGB, top row first */
        memcpy(pixels, (const uint8_t *)newest + 64, size);
        __sync_synchronize();
        if (memcmp(&before, newest, sizeof before)) { free(pixels); continue; } /* overwritten meanwhile */
        FILE *picture = fopen(arguments[2], "wb");
        if (!picture) return perror(arguments[2]), 1;
        fprintf(picture, "P6\n%d %d\n255\n", before.width, before.height);
        fwrite(pixels, 1, size, picture);
        return fclose(picture) != 0;
    }
    return fprintf(stderr, "no picture\n"), 1;
}
