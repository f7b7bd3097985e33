"""The shaders (GLSL 3.30): one full-screen pass for the picture, one quad for each sprite."""

from __future__ import annotations

FULL = """
#version 330 core
uniform float y_sign;  // 1 for the display; -1 for memory, where the first row is the top one
out vec2 place;         // 0..1 from the top left
void main() {
    vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
    place = vec2(corner.x, -corner.y) * 0.5 + 0.5;
    gl_Position = vec4(corner.x, corner.y * y_sign, 0.0, 1.0);
}
"""

PICTURE = """
#version 330 core
uniform sampler2D origin, target, paper;
uniform float origin_scale, target_scale, blend, brightness, vignette, sharpness, paper_gain;
uniform vec4 crop;       // x, y, width, height within the picture, 0..1
uniform vec2 vignette_range;
in vec2 place;
out vec4 colour;

vec4 weights(float t) {  // cubic convolution (Keys 1981)
    float u = 1.0 - t, a = sharpness;
    return vec4(-a * t * u * u, 1.0 - t * t * (3.0 - a - (2.0 - a) * t),
                1.0 - u * u * (3.0 - a - (2.0 - a) * u), -a * u * t * t);
}

vec3 cubic(sampler2D picture, vec2 at) {  // nine bilinear reads for sixteen texels
    vec2 size = vec2(textureSize(picture, 0)), texel = at * size, first = floor(texel - 0.5) + 0.5;
    vec4 x = weights(texel.x - first.x), y = weights(texel.y - first.y);
    vec3 across = vec3(x.x, x.y + x.z, x.w), down = vec3(y.x, y.y + y.z, y.w);
    vec3 columns = (first.x + vec3(-1.0, x.z / across.y, 2.0)) / size.x;
    vec3 rows = (first.y + vec3(-1.0, y.z / down.y, 2.0)) / size.y;
    vec3 sum = vec3(0.0);
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < 3; i++)
            sum += across[i] * down[j] * texture(picture, vec2(columns[i], rows[j])).rgb;
    return sum;
}

void main() {
    vec2 at = crop.xy + place * crop.zw;
    vec3 seen = cubic(target, at) * target_scale;
    if (blend < 1.0) seen = mix(cubic(origin, at) * origin_scale, seen, blend);
    vec2 away = place * 2.0 - 1.0;
    float dark = vignette * smoothstep(vignette_range.x, vignette_range.y, dot(away, away) * 0.5);
    // dithering: interleaved gradient noise (Jimenez 2014)
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    float surface = texelFetch(paper, ivec2(gl_FragCoord.xy) % textureSize(paper, 0), 0).r;
    seen = clamp(clamp(seen, 0.0, 1.0) * (1.0 - dark) * brightness * paper_gain, 0.0, 1.0) * surface;
    colour = vec4(seen + grain / 255.0, 1.0);
}
"""

QUAD = """
#version 330 core
uniform vec4 box;        // left, top, width, height as shares of the stage
uniform float y_sign;
out vec2 place;
void main() {
    place = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 corner = (box.xy + place * box.zw) * 2.0 - 1.0;
    gl_Position = vec4(corner.x, -corner.y * y_sign, 0.0, 1.0);
}
"""

SPRITE = """
#version 330 core
uniform sampler2D surface;
uniform float alpha;
in vec2 place;
out vec4 colour;
void main() {
    vec4 texel = texture(surface, place);
    colour = vec4(texel.rgb, texel.a * alpha);
}
"""
