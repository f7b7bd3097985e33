"""The projection on a GPU: one more pass, from the picture of the stage to the window."""

from __future__ import annotations

import moderngl
import numpy as np

from installation.show.projection import Mesh, Polygon, ProjectionSettings
from installation.stage import shaders
from installation.stage.projection.geometry import TABLE_POINTS, edges, inverse_mesh, inverse_pin, orientation
from installation.stage.projection.light import LUMA, draw_mask

SHADER = """
#version 330 core
uniform sampler2D picture, inverse_mesh, mask;
uniform mat3 pin, orientation;
uniform vec4 mesh_box;   // x, y of the first and of the last point
uniform vec4 blends;     // left, right, top, bottom as shares of the picture
uniform vec3 luma;
uniform vec2 pixel;      // of the projector, as a share of its image
uniform float curve, gamma, brightness, contrast, saturation;
uniform bool bent;
uniform vec4 edges;      // where the picture ends: left, top, right, bottom
uniform vec4 dome;       // width, height, elevation, view in degrees; width 0: none
in vec2 place;
out vec4 colour;

vec2 look_up(vec2 at) {  // bilinear by hand: texture units interpolate with eight bits
    int last = textureSize(inverse_mesh, 0).x - 1;
    vec2 position = clamp((at - mesh_box.xy) / (mesh_box.zw - mesh_box.xy), 0.0, 1.0) * float(last);
    ivec2 first = min(ivec2(position), ivec2(last - 1));
    vec2 share = position - vec2(first);
    vec2 upper = mix(texelFetch(inverse_mesh, first, 0).rg,
                     texelFetch(inverse_mesh, first + ivec2(1, 0), 0).rg, share.x);
    vec2 lower = mix(texelFetch(inverse_mesh, first + ivec2(0, 1), 0).rg,
                     texelFetch(inverse_mesh, first + ivec2(1, 1), 0).rg, share.x);
    return mix(upper, lower, share.y);
}

vec3 see(vec2 at) {  // the same for the picture
    ivec2 last = textureSize(picture, 0) - 1;
    vec2 texel = clamp(at * vec2(last + 1) - 0.5, vec2(0.0), vec2(last));
    ivec2 first = min(ivec2(texel), max(last - 1, ivec2(0)));
    ivec2 next = min(first + 1, last);
    vec2 share = texel - vec2(first);
    vec3 upper = mix(texelFetch(picture, first, 0).rgb, texelFetch(picture, ivec2(next.x, first.y), 0).rgb, share.x);
    vec3 lower = mix(texelFetch(picture, ivec2(first.x, next.y), 0).rgb, texelFetch(picture, next, 0).rgb, share.x);
    return mix(upper, lower, share.y);
}

vec2 on_dome(vec2 at) {
    vec2 away = 2.0 * at - 1.0;
    float elevation = 90.0 - length(away) * dome.w / 2.0;
    return vec2(0.5 + degrees(atan(away.x, away.y)) / dome.x, 1.0 - (elevation - dome.z) / dome.y);
}

vec2 upright(vec2 at) {
    vec3 pinned = pin * vec3(at, 1.0);
    vec2 flat_place = pinned.z > 1e-9 ? pinned.xy / pinned.z : vec2(-9.0);
    vec2 lying = bent ? look_up(flat_place) : flat_place;
    return dome.x > 0.0 ? on_dome(lying) : lying;
}

float ramp(float distance, float width) {
    if (width <= 0.0) return 1.0;
    float at = clamp(distance / width, 0.0, 1.0);
    return at < 0.5 ? 0.5 * pow(2.0 * at, curve) : 1.0 - 0.5 * pow(2.0 * (1.0 - at), curve);
}

void main() {
    vec2 here = upright(place);
    vec2 across = upright(place + vec2(pixel.x, 0.0)) - here, down = upright(place + vec2(0.0, pixel.y)) - here;
    if (dome.x > 0.0) {  // behind the audience a picture all around begins again
        float period = 360.0 / dome.x;
        across.x -= period * round(across.x / period);
        down.x -= period * round(down.x / period);
    }
    vec2 rate = max(sqrt(across * across + down * down), vec2(1e-9));
    vec2 covered = clamp(min(here - edges.xy, edges.zw - here) / rate + 0.5, 0.0, 1.0);
    vec2 at = (orientation * vec3(here, 1.0)).xy;
    vec3 seen = see(at);
    float grey = dot(seen, luma);
    seen = clamp(((mix(vec3(grey), seen, saturation) - 0.5) * contrast + 0.5) * brightness, 0.0, 1.0);
    float light = ramp(at.x, blends.x) * ramp(1.0 - at.x, blends.y) * ramp(at.y, blends.z) * ramp(1.0 - at.y, blends.w);
    light = pow(light, 1.0 / gamma) * min(covered.x, covered.y) * texture(mask, place).r;
    colour = vec4(seen * light, 1.0);
}
"""


class GLProjection:
    """Projects what was drawn to `canvas`, whose first row is the top one, to a framebuffer."""

    def __init__(
        self,
        context: moderngl.Context,
        settings: ProjectionSettings,
        picture: tuple[int, int],
        output: tuple[int, int],
    ) -> None:
        """Sizes are width and height in pixels."""
        self.picture, self.output = picture, output
        texture = context.texture(picture, 4)
        texture.repeat_x = texture.repeat_y = False
        self.canvas = context.framebuffer([texture])
        self._program = context.program(vertex_shader=shaders.FULL, fragment_shader=SHADER)
        self._triangle = context.vertex_array(self._program, [])
        mask = context.texture(output, 1, alignment=1)
        mask.filter = moderngl.NEAREST, moderngl.NEAREST
        mesh = context.texture((TABLE_POINTS, TABLE_POINTS), 2, dtype="f4")
        self._textures = (texture, mesh, mask)
        self._mesh: Mesh | None = None  # that the textures hold
        self._mask: tuple[Polygon, ...] | None = None
        self._set(luma=LUMA, pixel=(1 / output[0], 1 / output[1]), picture=0, inverse_mesh=1, mask=2)
        self.change(settings)

    def change(self, settings: ProjectionSettings) -> None:
        """Takes other settings; only a changed mesh or mask costs more than a few numbers."""
        if self._mask != settings.mask:
            self._mask = settings.mask
            self._textures[2].write(draw_mask(settings, *self.output), alignment=1)
        inverse = inverse_mesh(settings.mesh) if settings.mesh else None
        if inverse and self._mesh != settings.mesh:
            self._mesh = settings.mesh
            self._textures[1].write(np.ascontiguousarray(inverse.table))
        self._set(
            pin=tuple(inverse_pin(settings.corners).T.ravel()),
            orientation=tuple(orientation(settings).T.ravel()),
            mesh_box=(*inverse.low, *inverse.high) if inverse else (0.0, 0.0, 1.0, 1.0),
            bent=inverse is not None,
            dome=(settings.dome_width, settings.dome_height, settings.dome_elevation, settings.dome_view),
            edges=edges(settings),
            blends=settings.blends,
            curve=settings.blend_curve,
            gamma=settings.blend_gamma,
            brightness=settings.brightness,
            contrast=settings.contrast,
            saturation=settings.saturation,
        )

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            self._program[name] = value

    def draw(self, target: moderngl.Framebuffer, y_sign: float) -> None:
        """Draws to `target`; `y_sign` is 1 for the display and -1 for memory."""
        target.use()
        target.viewport = (0, 0, *self.output)
        for unit, texture in enumerate(self._textures):
            texture.use(unit)
        self._program["y_sign"] = y_sign
        self._triangle.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Frees everything on the GPU."""
        for resource in (self.canvas, *self._textures, self._triangle, self._program):
            resource.release()
