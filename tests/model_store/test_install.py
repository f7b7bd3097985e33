"""Models from servers and sticks: in each true format, whole and checked, or not at all."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from filelock import FileLock
from safetensors.torch import save as safetensors_bytes

from installation.core.errors import ShowError
from installation.model_store.catalogue import CATALOGUE, CatalogueEntry
from installation.model_store.download import RetryPolicy
from installation.model_store.install import fetch, fetch_from
from installation.model_store.manifest import TrustState, checked_state, note_path, part_path, state_of
from installation.models import load_generator
from installation.models.biggan import architectures
from installation.models.biggan.architectures import config_of
from installation.models.biggan.state_dict_keys import SINGLE, from_openmmlab
from installation.models.clip import state_dict_keys
from installation.models.interfaces import ModelPlace
from installation.speech.recognizers.whisper_files import PUBLISHED, verify_checkpoint
from tests.model_store.conftest import HURRY, path_of, unseen
from tests.model_store.networks import openmmlab_state
from tests.model_store.server import Dish, Server

Served = Callable[..., CatalogueEntry]
HUB, S3, OPENMMLAB = 0, 1, 2  # sources of biggan-deep-128, in their order


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """BigGANs of all three sizes, a sixteenth as wide."""
    monkeypatch.setattr(architectures, "WIDTH", 8)


def written(state: Any, legacy: bool = False) -> bytes:
    """As torch writes it; `legacy`: as it did in 2019, when the original files were made."""
    buffer = io.BytesIO()
    torch.save(state, buffer, _use_new_zipfile_serialization=not legacy)
    return buffer.getvalue()


def their_file(name: str = "biggan-deep-128", seed: int = 1) -> bytes:
    state = openmmlab_state(config_of(name, SINGLE), seed)
    whole = {f"generator_ema.{key}": value for key, value in state.items()}
    whole |= {f"generator.{key}": value for key, value in state.items()}
    return written({"meta": {"epoch": 0, "iter": 1, "mmgen_version": "0.2.0"}, "state_dict": whole})


def original_file(name: str = "biggan-deep-128", seed: int = 1) -> bytes:
    """As the library's authors wrote it: 51 sets of statistics, in the old format."""
    config = config_of(name, SINGLE)
    state = from_openmmlab(openmmlab_state(config, seed), config, "")
    for key in [key for key in state if key.endswith(("running_means", "running_vars"))]:
        state[key] = state[key][:1].repeat(51, 1)
    return written(state, legacy=True)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def offer(server: Server, entry: CatalogueEntry, index: int, content: bytes, **how: Any) -> None:
    server.dishes[path_of(entry, index)] = Dish(content, **how)


def test_the_original_file_comes_as_it_is_and_is_pinned(server: Server, served: Served, tmp_path: Path) -> None:
    entry, content = served("biggan-deep-256"), original_file("biggan-deep-256")
    offer(server, entry, 0, content)
    got = fetch(entry, tmp_path, unseen, patience=HURRY)
    assert (got.state, got.converted) == (TrustState.PINNED, False)
    assert (tmp_path / "biggan-deep-256" / "pytorch_model.bin").read_bytes() == content
    assert json.loads((tmp_path / "biggan-deep-256" / "config.json").read_text()) == config_of("biggan-deep-256")
    assert json.loads(note_path(got.path).read_text())["sha256"] == sha256(content)
    generator = load_generator("biggan-deep-256", ModelPlace(tmp_path, tmp_path))
    picture = generator.paint(generator.sample(1, 1))
    assert picture.shape == (256, 256, 3)


def test_a_known_hash_makes_it_verified(server: Server, served: Served, tmp_path: Path) -> None:
    content = original_file()
    entry = served("biggan-deep-128", pytorch_model_bin=sha256(content))
    offer(server, entry, HUB, content)
    assert fetch(entry, tmp_path, unseen, patience=HURRY).state is TrustState.VERIFIED
    assert checked_state(entry, tmp_path) is TrustState.VERIFIED


@pytest.mark.parametrize("name", ["biggan-deep-128", "biggan-deep-512"])
def test_openmmlabs_file_is_converted_and_makes_pictures(
    server: Server, served: Served, tmp_path: Path, name: str
) -> None:
    content = their_file(name)
    entry = served(name)
    key = next(source.basename for source in entry.sources if source.basename.endswith(".pth"))
    entry = served(name, **{key.replace(".", "_").replace("-", "_"): sha256(content)[:8]})
    offer(server, entry, len(entry.sources) - 2, content)
    told: list[str] = []
    got = fetch(entry, tmp_path, unseen, told.append, HURRY)
    assert (got.state, got.converted) == (TrustState.VERIFIED, True)
    assert [sentence for sentence in told if "404" not in sentence] == []
    assert checked_state(entry, tmp_path) is TrustState.VERIFIED
    generator = load_generator(name, ModelPlace(tmp_path, tmp_path))
    assert generator.paint(generator.sample(1, 1)).shape == (generator.native_size,) * 2 + (3,)
    kept = {"config.json", "pytorch_model.bin", "pytorch_model.bin.checked.json"}
    assert {path.name for path in got.path.parent.iterdir() if path.suffix != ".lock"} == kept


def test_sources_are_tried_in_order_until_one_gives_it(server: Server, served: Served, tmp_path: Path) -> None:
    entry = served("biggan-deep-128", pytorch_model_bin=sha256(b"something else"))
    offer(server, entry, HUB, original_file(seed=2))
    offer(server, entry, S3, b"<html>Access denied</html>")
    offer(server, entry, OPENMMLAB, their_file())
    told: list[str] = []
    got = fetch(entry, tmp_path, unseen, told.append, HURRY)
    assert got.source == entry.sources[OPENMMLAB].url
    assert len(told) == 2
    assert "gave another file: sha256" in told[0]
    assert "is not a file of weights" in told[1]


def test_if_no_source_gives_it_one_sentence_says_all_reasons_and_the_stick(
    server: Server, served: Served, tmp_path: Path
) -> None:
    entry = served("biggan-deep-512")
    offer(server, entry, 0, b"", status=500)
    with pytest.raises(ShowError) as error:
        fetch(entry, tmp_path, unseen, patience=HURRY)
    sentence = str(error.value)
    why = "127.0.0.1 answered 500 Internal Server Error; 127.0.0.1 answered 404 Not Found"
    assert sentence.startswith(f"biggan-deep-512 cannot be fetched ({why}); ")
    assert sentence.endswith("bring it on a stick: run_show.py fetch biggan-deep-512 --from FOLDER.")
    assert state_of(entry, tmp_path) is TrustState.ABSENT


def test_without_a_network_the_sentence_comes_at_once_and_names_each_host_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    entry = CATALOGUE["biggan-deep-128"]
    nowhere = [replace(each, url=each.url.replace(each.host, f"{each.host}.invalid")) for each in entry.sources]
    told: list[str] = []
    waits: list[float] = []
    with pytest.raises(ShowError) as error:
        fetch(replace(entry, sources=tuple(nowhere)), tmp_path, unseen, told.append, RetryPolicy(sleep=waits.append))
    hosts = "huggingface.co.invalid, s3.amazonaws.com.invalid, download.openmmlab.com.invalid"
    assert str(error.value) == (
        f"biggan-deep-128 cannot be fetched (no way to {hosts}: is there a network?); "
        "bring it on a stick: run_show.py fetch biggan-deep-128 --from FOLDER."
    )
    assert (told, waits) == ([], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a file of weights"),
        (b"not a file of weights", "is not a file of weights"),
        (original_file.__name__.encode() * 1000, "is not a file of weights"),
        (written({"a": 1}), "holds no weights"),
        (written({"a": torch.zeros(1)}), "lacks key 'embeddings.weight'"),
        (written(Path("a")), "is not a file of weights"),  # a pickle that would run code
    ],
)
def test_what_is_no_biggan_is_never_let_in(
    server: Server, served: Served, tmp_path: Path, content: bytes, reason: str
) -> None:
    entry = served("biggan-deep-256")
    offer(server, entry, 0, content)
    with pytest.raises(ShowError, match=reason):
        fetch(entry, tmp_path, unseen, patience=HURRY)
    assert state_of(entry, tmp_path) is TrustState.ABSENT


@pytest.mark.parametrize("make", [their_file, original_file])
def test_the_weights_of_another_size_are_refused_by_a_key(
    server: Server, served: Served, tmp_path: Path, make: Callable[[str], bytes]
) -> None:
    entry = served("biggan-deep-512")
    offer(server, entry, 0, make("biggan-deep-128"))
    with pytest.raises(ShowError, match=r"(lacks|has) key '[\w.]+'.*: it is not (OpenMMLab's|the) file of this model"):
        fetch(entry, tmp_path, unseen, patience=HURRY)


def test_a_file_cut_short_is_found_even_if_nobody_knows_its_hash(
    server: Server, served: Served, tmp_path: Path
) -> None:
    for content in (original_file(), their_file()):
        entry = served("biggan-deep-128")
        offer(server, entry, S3, content[: len(content) // 2])
        with pytest.raises(ShowError, match="is damaged or cut short"):
            fetch(entry, tmp_path, unseen, patience=HURRY)


def test_what_is_here_is_not_fetched_again_and_what_has_changed_is(
    server: Server, served: Served, tmp_path: Path
) -> None:
    entry = served("biggan-deep-128")
    offer(server, entry, S3, original_file())
    path = fetch(entry, tmp_path, unseen, patience=HURRY).path
    server.asked.clear()
    assert fetch(entry, tmp_path, unseen, patience=HURRY).path == path
    assert server.asked == []
    path.write_bytes(path.read_bytes()[:-1])
    assert (state_of(entry, tmp_path), checked_state(entry, tmp_path)) == (TrustState.CHANGED, TrustState.CHANGED)
    assert fetch(entry, tmp_path, unseen, patience=HURRY).state is TrustState.PINNED
    assert state_of(entry, tmp_path) is TrustState.PINNED


def test_a_file_that_somebody_put_there_is_checked_and_pinned_without_a_network(
    served: Served, server: Server, tmp_path: Path
) -> None:
    entry = served("biggan-deep-256")
    path = entry.files(tmp_path)[0]
    path.parent.mkdir()
    path.write_bytes(their_file("biggan-deep-256"))
    assert state_of(entry, tmp_path) is TrustState.UNCHECKED
    got = fetch(entry, tmp_path, unseen, patience=HURRY)
    assert (got.state, got.converted, checked_state(entry, tmp_path)) == (TrustState.PINNED, True, TrustState.PINNED)
    note_path(path).unlink()
    path.write_bytes(original_file("biggan-deep-128"))
    with pytest.raises(ShowError, match=r"pytorch_model\.bin (lacks|has) key"):
        fetch(entry, tmp_path, unseen, patience=HURRY)
    assert path.exists()  # it is somebody's
    assert server.asked == []


@pytest.fixture
def limited() -> Iterator[Callable[[int], None]]:
    """A disk on which no file can grow beyond so many bytes."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_is_told_and_leaves_no_model(
    tmp_path: Path, server: Server, served: Served, limited: Callable[[int], None]
) -> None:
    entry, content = served("biggan-deep-256"), original_file("biggan-deep-256")
    state = openmmlab_state(config_of("biggan-deep-256", SINGLE), 1)
    theirs = written({"state_dict": {key: value for key, value in state.items() if "num_batches" not in key}})
    stick = tmp_path / "stick.pth"
    offer(server, entry, 0, content)

    def bring(from_stick: bytes | None) -> None:
        if from_stick is None:
            fetch(entry, tmp_path / "cache", unseen, patience=HURRY)
        else:
            fetch_from(entry, stick, tmp_path / "cache", unseen)

    for room, from_stick in ((100_000, None), (100_000, content), (len(theirs) + 1000, theirs)):
        if from_stick is not None:
            stick.write_bytes(from_stick)
        limited(room)
        with pytest.raises(ShowError, match=r"There is no space left in .*biggan-deep-256: make room"):
            bring(from_stick)
        limited(1 << 40)
        assert state_of(entry, tmp_path / "cache") in (TrustState.ABSENT, TrustState.PARTIAL)


def test_two_fetches_of_one_model_do_not_meet(tmp_path: Path, server: Server, served: Served) -> None:
    entry = served("tiny.en")
    with FileLock(tmp_path / "tiny.en.pt.lock"), pytest.raises(ShowError, match="being fetched by another Laterna"):
        fetch(entry, tmp_path, unseen, patience=HURRY)
    assert server.asked == []


def test_half_a_file_is_called_broken_off_and_never_taken_for_the_model(
    server: Server, served: Served, tmp_path: Path
) -> None:
    entry = served("biggan-deep-256")
    offer(server, entry, 0, original_file("biggan-deep-256"), breaks=[10_000, 0, 0, 0])
    with pytest.raises(ShowError, match="broke off"):
        fetch(entry, tmp_path, unseen, patience=HURRY)
    assert part_path(entry.files(tmp_path)[0]).stat().st_size == 10_000
    assert state_of(entry, tmp_path) is TrustState.PARTIAL
    with pytest.raises(ShowError, match=r"run_show\.py fetch biggan-deep-256 brings it"):
        load_generator("biggan-deep-256", ModelPlace(tmp_path, tmp_path))


@pytest.fixture
def tiny_clip(monkeypatch: pytest.MonkeyPatch) -> dict[str, torch.Tensor]:
    """A perceptor's keys, few and small, under a true name."""
    state = {"visual.proj": torch.zeros(3, 2), "logit_scale": torch.tensor(1.0), "ln_final.weight": torch.ones(4)}
    monkeypatch.setattr(state_dict_keys, "wanted_keys", lambda _name: state)
    return state


def test_a_perceptor_comes_as_safetensors_or_else_as_a_pickle_of_tensors(
    server: Server, served: Served, tmp_path: Path, tiny_clip: dict[str, torch.Tensor]
) -> None:
    entry = served("ViT-B-32")
    offer(server, entry, 1, written({f"module.{key}": value for key, value in tiny_clip.items()}))
    got = fetch(entry, tmp_path, unseen, patience=HURRY)
    assert got.path.name == "open_clip_pytorch_model.bin"
    offer(server, entry, 0, safetensors_bytes(tiny_clip | {"logit_scale": torch.tensor([1.0])}))
    got.path.write_bytes(b"changed")
    assert fetch(entry, tmp_path, unseen, patience=HURRY).path.name == "open_clip_model.safetensors"
    assert not got.path.exists()


def test_a_perceptors_true_keys_are_those_that_open_clip_builds(tmp_path: Path) -> None:
    import open_clip

    tiny = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8, "head_width": 8},
        "text_cfg": {"context_length": 12, "vocab_size": 100, "width": 16, "heads": 2, "layers": 1},
    }
    (tmp_path / "laterna-keys.json").write_text(json.dumps(tiny), encoding="utf-8")
    open_clip.add_model_config(tmp_path / "laterna-keys.json")
    state = open_clip.CLIP(**tiny).state_dict()
    state_dict_keys.check_clip(state, state_dict_keys.wanted_keys("laterna-keys"), "laterna-keys", "its file")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"ln_final.weight": None}, "lacks key 'ln_final.weight'"),
        ({"more": torch.zeros(1)}, "has the unknown key 'more'"),
        ({"visual.proj": torch.zeros(3, 3)}, "has key 'visual.proj' in another shape"),
    ],
)
def test_a_perceptor_with_other_keys_is_refused_by_name(
    server: Server,
    served: Served,
    tmp_path: Path,
    tiny_clip: dict[str, torch.Tensor],
    change: dict[str, torch.Tensor | None],
    wrong: str,
) -> None:
    entry = served("ViT-B-32")
    state = {key: value for key, value in (tiny_clip | change).items() if value is not None}
    offer(server, entry, 0, safetensors_bytes(state))
    with pytest.raises(ShowError, match=f"{wrong}.*it is not the file of ViT-B-32"):
        fetch(entry, tmp_path, unseen, patience=HURRY)
    offer(server, entry, 0, safetensors_bytes(tiny_clip)[:-1])
    with pytest.raises(ShowError, match="is damaged or cut short"):
        fetch(entry, tmp_path, unseen, patience=HURRY)


def test_a_fetched_recogniser_is_one_that_the_listener_takes_without_hashing_it_again(
    server: Server, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"whisper"
    entry = served("tiny.en", tiny_en_pt=sha256(content))
    offer(server, entry, 0, content)
    got = fetch(entry, tmp_path, unseen, patience=HURRY)
    assert (got.path, got.state) == (tmp_path / "tiny.en.pt", TrustState.VERIFIED)
    monkeypatch.setattr(
        "installation.speech.recognizers.whisper_files.sha256_of", lambda _path: pytest.fail("hashed again")
    )
    known = PUBLISHED["tiny.en"].__class__("tiny.en.pt", sha256(content), len(content), 0.1)
    verify_checkpoint(got.path, known, pytest.fail)


def test_a_stick_is_a_folder_of_any_of_the_names(tmp_path: Path, served: Served) -> None:
    entry, stick = served("biggan-deep-128"), tmp_path / "stick"
    for name, content in (
        ("biggan-deep-128/pytorch_model.bin", original_file()),
        ("biggan-deep-128-pytorch_model.bin", original_file()),
        (entry.sources[OPENMMLAB].basename, their_file()),
    ):
        path = stick / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        cache = tmp_path / path.name
        for place in (stick, path):
            got = fetch_from(entry, place, cache, unseen)
            assert (got.state, got.converted) == (TrustState.PINNED, name.endswith(".pth"))
            got.path.unlink()
        path.unlink()


def test_another_machines_folder_carries_its_pins(tmp_path: Path, server: Server, served: Served) -> None:
    entry, stick, cache = served("biggan-deep-128"), tmp_path / "stick", tmp_path / "cache"
    offer(server, entry, S3, original_file())
    carried = fetch(entry, stick, unseen, patience=HURRY).path
    assert fetch_from(entry, stick, cache, unseen).path.read_bytes() == carried.read_bytes()
    content = bytearray(carried.read_bytes())
    content[-1000] ^= 1  # one bit of a weight, which no key would show
    carried.write_bytes(content)
    with pytest.raises(ShowError, match=r"is damaged or another file: sha256 \w{12}… instead of \w{12}…"):
        fetch_from(entry, stick, cache, unseen)
    assert state_of(entry, cache) is TrustState.PINNED  # what was here is still good


def test_a_stick_without_the_model_says_what_is_looked_for(tmp_path: Path) -> None:
    entry = CATALOGUE["biggan-deep-512"]
    (tmp_path / "pytorch_model.bin").write_bytes(b"of which model?")
    with pytest.raises(ShowError, match=r"is not in .*: biggan-deep-512/pytorch_model\.bin or biggan-deep-512-pytorch"):
        fetch_from(entry, tmp_path, tmp_path / "cache", unseen)
    with pytest.raises(ShowError, match=r"There is no file or folder .*nowhere"):
        fetch_from(entry, tmp_path / "nowhere", tmp_path / "cache", unseen)


def test_openmmlabs_file_on_a_stick_is_held_against_the_digits_in_its_name(tmp_path: Path) -> None:
    entry = CATALOGUE["biggan-deep-128"]
    (tmp_path / entry.sources[OPENMMLAB].basename).write_bytes(their_file())
    with pytest.raises(ShowError, match=r"instead of 099e96f9"):
        fetch_from(entry, tmp_path, tmp_path / "cache", unseen)


def test_what_travels_with_laterna_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="'theatre' travels with Laterna"):
        fetch(CATALOGUE["theatre"], tmp_path, unseen)
    with pytest.raises(ShowError, match="'sphinx' travels with Laterna"):
        fetch_from(CATALOGUE["sphinx"], tmp_path, tmp_path, unseen)
    (tmp_path / "tiny.en.pt").touch()
    with pytest.raises(ShowError, match="already lies where it belongs"):
        fetch_from(CATALOGUE["tiny.en"], tmp_path, tmp_path, unseen)
