"""What the faces of paper people show."""

import numpy as np
import pytest

from installation.models.theatre.body_faces import FACES_OF_POSES, FACES_OF_STATES, face_in, face_of, faces
from installation.models.theatre.body_heads import head_shapes
from installation.models.theatre.jointed_body import body_poses
from installation.models.theatre.marks import STATES
from installation.models.theatre.people import people
from installation.models.theatre.person_cutting import cut_person


def test_all_that_has_a_face_of_its_own_is_known() -> None:
    assert set(FACES_OF_POSES) <= set(body_poses())
    assert set(FACES_OF_STATES) <= set(STATES)
    assert {*FACES_OF_POSES.values(), *FACES_OF_STATES.values()} <= set(faces())


def test_faces_change_parts_that_every_face_has_and_add_tears() -> None:
    assert {part for face in faces().values() for part in face} <= {*head_shapes().face, "tear"}


@pytest.mark.parametrize("face", sorted(faces()))
def test_a_face_is_seen_on_the_sheet_of_the_head(face: str) -> None:
    at_rest, other = (cut_person(people()["man"], "at table", 0, face=name).sheets[1].channels for name in ("", face))
    assert at_rest.shape == other.shape
    assert not np.array_equal(at_rest, other)


def test_who_laughs_at_a_table_laughs_with_what_is_said_and_not_with_the_pose() -> None:
    assert face_in("at table", face_of(["sitting", "laughing"])) == faces()["laughing"]
    assert face_in("singing", "") == faces()["singing"]
    assert face_in("standing", face_of(["tall"])) == {}
