"""Models from servers and folders: in each true format, whole and verified, or not at all."""

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
from installation.core.model_files import ModelFiles, manifest_path
from installation.model_store.catalogue import model_files
from installation.model_store.download import RetryPolicy
from installation.model_store.install import fetch, fetch_from
from installation.model_store.trust import TrustState, part_path, rehashed_state, trust_state
from installation.models import load_generator
from installation.models.biggan import checkpoint as biggan_checkpoint
from installation.models.biggan.checkpoint import SINGLE_STATISTICS, config_of, from_openmmlab
from installation.models.clip import checkpoint as clip_checkpoint
from installation.models.interfaces import ModelPlace
from installation.speech.recognizers.whisper_files import PUBLISHED, verify_checkpoint
from tests.model_store.conftest import NO_WAIT, no_progress, path_of
from tests.model_store.networks import openmmlab_state
from tests.model_store.server import ServedFile, Server

Served = Callable[..., ModelFiles]
HUB, S3, OPENMMLAB = 0, 1, 2  # sources of biggan-deep-128, in their order


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the published BigGANs a sixteenth as wide."""
    monkeypatch.setattr(biggan_checkpoint, "WIDTH", 8)


def written(state: Any, legacy: bool = False) -> bytes:
    """As torch writes it; `legacy` is the format of 2019, when the published files were made."""
    buffer = io.BytesIO()
    torch.save(state, buffer, _use_new_zipfile_serialization=not legacy)
    return buffer.getvalue()


def openmmlab_file(name: str = "biggan-deep-128", seed: int = 1) -> bytes:
    state = openmmlab_state(config_of(name, SINGLE_STATISTICS), seed)
    whole = {f"generator_ema.{key}": value for key, value in state.items()}
    whole |= {f"generator.{key}": value for key, value in state.items()}
    return written({"meta": {"epoch": 0, "iter": 1, "mmgen_version": "0.2.0"}, "state_dict": whole})


def library_file(name: str = "biggan-deep-128", seed: int = 1) -> bytes:
    """As the library's authors published it: 51 sets of statistics, in the legacy format."""
    config = config_of(name, SINGLE_STATISTICS)
    state = from_openmmlab(openmmlab_state(config, seed), config, "")
    for key in [key for key in state if key.endswith(("running_means", "running_vars"))]:
        state[key] = state[key][:1].repeat(51, 1)
    return written(state, legacy=True)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def offer(server: Server, files: ModelFiles, index: int, content: bytes, **how: Any) -> None:
    server.files[path_of(files, index)] = ServedFile(content, **how)


@pytest.mark.slow
def test_the_librarys_file_is_installed_unchanged_and_pinned(server: Server, served: Served, tmp_path: Path) -> None:
    files, content = served("biggan-deep-256"), library_file("biggan-deep-256")
    offer(server, files, 0, content)
    installed = fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert (installed.state, installed.converted) == (TrustState.PINNED, False)
    assert (tmp_path / "biggan-deep-256" / "pytorch_model.bin").read_bytes() == content
    assert json.loads((tmp_path / "biggan-deep-256" / "config.json").read_text()) == config_of("biggan-deep-256")
    assert json.loads(manifest_path(installed.path).read_text())["sha256"] == sha256(content)
    generator = load_generator("biggan-deep-256", ModelPlace(tmp_path, tmp_path))
    picture = generator.paint(generator.sample(1, 1))
    assert picture.shape == (256, 256, 3)


@pytest.mark.slow
def test_a_published_hash_makes_a_model_verified(server: Server, served: Served, tmp_path: Path) -> None:
    content = library_file()
    files = served("biggan-deep-128", pytorch_model_bin=sha256(content))
    offer(server, files, HUB, content)
    assert fetch(files, tmp_path, no_progress, retries=NO_WAIT).state is TrustState.VERIFIED
    assert rehashed_state(files, tmp_path) is TrustState.VERIFIED


@pytest.mark.slow
@pytest.mark.parametrize("name", ["biggan-deep-128", "biggan-deep-512"])
def test_openmmlabs_file_is_converted_and_loads(server: Server, served: Served, tmp_path: Path, name: str) -> None:
    content = openmmlab_file(name)
    files = served(name)
    key = next(source.basename for source in files.sources if source.basename.endswith(".pth"))
    files = served(name, **{key.replace(".", "_").replace("-", "_"): sha256(content)[:8]})
    offer(server, files, len(files.sources) - 2, content)
    reports: list[str] = []
    installed = fetch(files, tmp_path, no_progress, reports.append, NO_WAIT)
    assert (installed.state, installed.converted) == (TrustState.VERIFIED, True)
    assert [sentence for sentence in reports if "404" not in sentence] == []
    assert rehashed_state(files, tmp_path) is TrustState.VERIFIED
    generator = load_generator(name, ModelPlace(tmp_path, tmp_path))
    assert generator.paint(generator.sample(1, 1)).shape == (generator.native_size,) * 2 + (3,)
    kept = {"config.json", "pytorch_model.bin", "pytorch_model.bin.checked.json"}
    assert {path.name for path in installed.path.parent.iterdir() if path.suffix != ".lock"} == kept


def test_sources_are_tried_in_order_until_one_succeeds(server: Server, served: Served, tmp_path: Path) -> None:
    files = served("biggan-deep-128", pytorch_model_bin=sha256(b"something else"))
    offer(server, files, HUB, library_file(seed=2))
    offer(server, files, S3, b"<html>Access denied</html>")
    offer(server, files, OPENMMLAB, openmmlab_file())
    reports: list[str] = []
    installed = fetch(files, tmp_path, no_progress, reports.append, NO_WAIT)
    assert installed.source == files.sources[OPENMMLAB].url
    assert len(reports) == 2
    assert "sent another file: sha256" in reports[0]
    assert "is not a weights file" in reports[1]


def test_if_every_source_fails_the_error_has_all_reasons_and_a_remedy(
    server: Server, served: Served, tmp_path: Path
) -> None:
    files = served("biggan-deep-512")
    offer(server, files, 0, b"", status=500)
    with pytest.raises(ShowError) as error:
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    sentence = str(error.value)
    why = "127.0.0.1 answered 500 Internal Server Error; 127.0.0.1 answered 404 Not Found"
    assert sentence == (
        f"biggan-deep-512 cannot be downloaded ({why}); "
        "copy it from another machine with `run_show.py fetch biggan-deep-512 --from FOLDER`."
    )
    assert trust_state(files, tmp_path) is TrustState.ABSENT


def test_without_a_network_the_error_comes_at_once_and_names_each_host_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    files = model_files("biggan-deep-128")
    nowhere = [replace(each, url=each.url.replace(each.host, f"{each.host}.invalid")) for each in files.sources]
    reports: list[str] = []
    waits: list[float] = []
    with pytest.raises(ShowError) as error:
        fetch(
            replace(files, sources=tuple(nowhere)),
            tmp_path,
            no_progress,
            reports.append,
            RetryPolicy(sleep=waits.append),
        )
    hosts = "huggingface.co.invalid, s3.amazonaws.com.invalid, download.openmmlab.com.invalid"
    assert str(error.value) == (
        f"biggan-deep-128 cannot be downloaded ({hosts} cannot be reached: is there a network?); "
        "copy it from another machine with `run_show.py fetch biggan-deep-128 --from FOLDER`."
    )
    assert (reports, waits) == ([], [])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a weights file"),
        (b"not a file of weights", "is not a weights file"),
        (library_file.__name__.encode() * 1000, "is not a weights file"),
        (written({"a": 1}), "holds no weights"),
        (written({"a": torch.zeros(1)}), "lacks key 'embeddings.weight'"),
        (written(Path("a")), "is not a weights file"),  # a pickle that would run code
    ],
)
def test_a_file_that_is_no_biggan_is_refused(
    server: Server, served: Served, tmp_path: Path, content: bytes, reason: str
) -> None:
    files = served("biggan-deep-256")
    offer(server, files, 0, content)
    with pytest.raises(ShowError, match=reason):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert trust_state(files, tmp_path) is TrustState.ABSENT


@pytest.mark.slow
@pytest.mark.parametrize("make", [openmmlab_file, library_file])
def test_the_weights_of_another_size_are_refused_by_a_key(
    server: Server, served: Served, tmp_path: Path, make: Callable[[str], bytes]
) -> None:
    files = served("biggan-deep-512")
    offer(server, files, 0, make("biggan-deep-128"))
    with pytest.raises(ShowError, match=r"(lacks|has) key '[\w.]+'.*: it is not (OpenMMLab's|the) file of this model"):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)


def test_a_file_that_is_cut_short_is_refused_without_a_published_hash(
    server: Server, served: Served, tmp_path: Path
) -> None:
    for content in (library_file(), openmmlab_file()):
        files = served("biggan-deep-128")
        offer(server, files, S3, content[: len(content) // 2])
        with pytest.raises(ShowError, match="is damaged or cut short"):
            fetch(files, tmp_path, no_progress, retries=NO_WAIT)


def test_an_installed_model_is_fetched_again_only_if_it_has_changed(
    server: Server, served: Served, tmp_path: Path
) -> None:
    files = served("biggan-deep-128")
    offer(server, files, S3, library_file())
    path = fetch(files, tmp_path, no_progress, retries=NO_WAIT).path
    server.requests.clear()
    assert fetch(files, tmp_path, no_progress, retries=NO_WAIT).path == path
    assert server.requests == []
    path.write_bytes(path.read_bytes()[:-1])
    assert (trust_state(files, tmp_path), rehashed_state(files, tmp_path)) == (TrustState.CHANGED, TrustState.CHANGED)
    assert fetch(files, tmp_path, no_progress, retries=NO_WAIT).state is TrustState.PINNED
    assert trust_state(files, tmp_path) is TrustState.PINNED


@pytest.mark.slow
def test_a_file_that_was_put_there_by_hand_is_verified_and_pinned_without_a_network(
    served: Served, server: Server, tmp_path: Path
) -> None:
    files = served("biggan-deep-256")
    path = files.candidates(tmp_path)[0]
    path.parent.mkdir()
    path.write_bytes(openmmlab_file("biggan-deep-256"))
    assert trust_state(files, tmp_path) is TrustState.UNCHECKED
    installed = fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert (installed.state, installed.converted, rehashed_state(files, tmp_path)) == (
        TrustState.PINNED,
        True,
        TrustState.PINNED,
    )
    manifest_path(path).unlink()
    path.write_bytes(library_file("biggan-deep-128"))
    with pytest.raises(ShowError, match=r"pytorch_model\.bin (lacks|has) key"):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert path.exists()  # it is the user's file
    assert server.requests == []


@pytest.fixture
def limited() -> Iterator[Callable[[int], None]]:
    """Limits the size of files, as a full disk does; takes bytes."""
    resource = pytest.importorskip("resource", reason="only POSIX limits the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_a_show_error_and_leaves_no_model(
    tmp_path: Path, server: Server, served: Served, limited: Callable[[int], None]
) -> None:
    files, content = served("biggan-deep-256"), library_file("biggan-deep-256")
    state = openmmlab_state(config_of("biggan-deep-256", SINGLE_STATISTICS), 1)
    theirs = written({"state_dict": {key: value for key, value in state.items() if "num_batches" not in key}})
    origin = tmp_path / "copied.pth"
    offer(server, files, 0, content)

    def install(content_to_copy: bytes | None) -> None:
        if content_to_copy is None:
            fetch(files, tmp_path / "cache", no_progress, retries=NO_WAIT)
        else:
            fetch_from(files, origin, tmp_path / "cache", no_progress)

    for limit, content_to_copy in ((100_000, None), (100_000, content), (len(theirs) + 1000, theirs)):
        if content_to_copy is not None:
            origin.write_bytes(content_to_copy)
        limited(limit)
        with pytest.raises(ShowError, match=r"There is no space left in .*biggan-deep-256: make room"):
            install(content_to_copy)
        limited(1 << 40)
        assert trust_state(files, tmp_path / "cache") in (TrustState.ABSENT, TrustState.PARTIAL)


def test_a_model_that_another_process_fetches_is_refused(tmp_path: Path, server: Server, served: Served) -> None:
    files = served("tiny.en")
    with FileLock(tmp_path / "tiny.en.pt.lock"), pytest.raises(ShowError, match="being fetched by another process"):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert server.requests == []


def test_an_interrupted_download_is_partial_and_is_not_loaded(server: Server, served: Served, tmp_path: Path) -> None:
    files = served("biggan-deep-256")
    offer(server, files, 0, library_file("biggan-deep-256"), breaks=[10_000, 0, 0, 0])
    with pytest.raises(ShowError, match="broke off"):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert part_path(files.candidates(tmp_path)[0]).stat().st_size == 10_000
    assert trust_state(files, tmp_path) is TrustState.PARTIAL
    with pytest.raises(ShowError, match=r"run_show\.py fetch biggan-deep-256"):
        load_generator("biggan-deep-256", ModelPlace(tmp_path, tmp_path))


@pytest.fixture
def tiny_clip(monkeypatch: pytest.MonkeyPatch) -> dict[str, torch.Tensor]:
    """A few small keys in place of those of every open_clip architecture."""
    state = {"visual.proj": torch.zeros(3, 2), "logit_scale": torch.tensor(1.0), "ln_final.weight": torch.ones(4)}
    monkeypatch.setattr(clip_checkpoint, "expected_keys", lambda _name: state)
    return state


def test_a_perceptor_is_installed_as_safetensors_else_as_a_pickle_and_replaces_the_other(
    server: Server, served: Served, tmp_path: Path, tiny_clip: dict[str, torch.Tensor]
) -> None:
    files = served("ViT-B-32")
    offer(server, files, 1, written({f"module.{key}": value for key, value in tiny_clip.items()}))
    installed = fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert installed.path.name == "open_clip_pytorch_model.bin"
    offer(server, files, 0, safetensors_bytes(tiny_clip | {"logit_scale": torch.tensor([1.0])}))
    installed.path.write_bytes(b"changed")
    assert fetch(files, tmp_path, no_progress, retries=NO_WAIT).path.name == "open_clip_model.safetensors"
    assert not installed.path.exists()


def test_the_expected_keys_are_those_that_open_clip_builds(tmp_path: Path) -> None:
    import open_clip

    tiny = {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8, "head_width": 8},
        "text_cfg": {"context_length": 12, "vocab_size": 100, "width": 16, "heads": 2, "layers": 1},
    }
    (tmp_path / "laterna-keys.json").write_text(json.dumps(tiny), encoding="utf-8")
    open_clip.add_model_config(tmp_path / "laterna-keys.json")
    state = open_clip.CLIP(**tiny).state_dict()
    clip_checkpoint.check_keys(state, clip_checkpoint.expected_keys("laterna-keys"), "laterna-keys", "its file")


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"ln_final.weight": None}, "lacks key 'ln_final.weight'"),
        ({"more": torch.zeros(1)}, "has the unknown key 'more'"),
        ({"visual.proj": torch.zeros(3, 3)}, "has key 'visual.proj' in another shape"),
    ],
)
def test_a_perceptor_with_other_keys_is_refused_with_the_key(
    server: Server,
    served: Served,
    tmp_path: Path,
    tiny_clip: dict[str, torch.Tensor],
    change: dict[str, torch.Tensor | None],
    wrong: str,
) -> None:
    files = served("ViT-B-32")
    state = {key: value for key, value in (tiny_clip | change).items() if value is not None}
    offer(server, files, 0, safetensors_bytes(state))
    with pytest.raises(ShowError, match=f"{wrong}.*it is not the file of ViT-B-32"):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    offer(server, files, 0, safetensors_bytes(tiny_clip)[:-1])
    with pytest.raises(ShowError, match="is damaged or cut short"):
        fetch(files, tmp_path, no_progress, retries=NO_WAIT)


def test_an_installed_recogniser_is_loaded_without_hashing_it_again(
    server: Server, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"whisper"
    files = served("tiny.en", tiny_en_pt=sha256(content))
    offer(server, files, 0, content)
    installed = fetch(files, tmp_path, no_progress, retries=NO_WAIT)
    assert (installed.path, installed.state) == (tmp_path / "tiny.en.pt", TrustState.VERIFIED)
    monkeypatch.setattr(
        "installation.speech.recognizers.whisper_files.sha256_of", lambda _path: pytest.fail("hashed again")
    )
    known = PUBLISHED["tiny.en"].__class__("tiny.en.pt", sha256(content), len(content), 0.1)
    verify_checkpoint(installed.path, known, pytest.fail)


@pytest.mark.slow
def test_a_model_is_installed_from_a_folder_under_any_of_its_names(tmp_path: Path, served: Served) -> None:
    files, origin = served("biggan-deep-128"), tmp_path / "carried"
    for name, content in (
        ("biggan-deep-128/pytorch_model.bin", library_file()),
        ("biggan-deep-128-pytorch_model.bin", library_file()),
        (files.sources[OPENMMLAB].basename, openmmlab_file()),
    ):
        path = origin / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        cache = tmp_path / path.name
        for place in (origin, path):
            installed = fetch_from(files, place, cache, no_progress)
            assert (installed.state, installed.converted) == (TrustState.PINNED, name.endswith(".pth"))
            installed.path.unlink()
        path.unlink()


def test_the_models_folder_of_another_machine_states_the_hashes(tmp_path: Path, server: Server, served: Served) -> None:
    files, origin, cache = served("biggan-deep-128"), tmp_path / "carried", tmp_path / "cache"
    offer(server, files, S3, library_file())
    carried = fetch(files, origin, no_progress, retries=NO_WAIT).path
    assert fetch_from(files, origin, cache, no_progress).path.read_bytes() == carried.read_bytes()
    content = bytearray(carried.read_bytes())
    content[-1000] ^= 1  # one bit of a weight, which no key would show
    carried.write_bytes(content)
    with pytest.raises(ShowError, match=r"is damaged or another file: sha256 \w{12}… instead of \w{12}…"):
        fetch_from(files, origin, cache, no_progress)
    assert trust_state(files, cache) is TrustState.PINNED  # the installed model is untouched


def test_a_folder_without_the_model_is_refused_with_the_expected_names(tmp_path: Path) -> None:
    files = model_files("biggan-deep-512")
    (tmp_path / "pytorch_model.bin").write_bytes(b"of an unknown model")
    with pytest.raises(
        ShowError, match=r"is not in .*: expected biggan-deep-512/pytorch_model\.bin or biggan-deep-512-pytorch"
    ):
        fetch_from(files, tmp_path, tmp_path / "cache", no_progress)
    with pytest.raises(ShowError, match=r"There is no file or folder .*nowhere"):
        fetch_from(files, tmp_path / "nowhere", tmp_path / "cache", no_progress)


def test_openmmlabs_file_in_a_folder_must_have_the_hash_in_its_name(tmp_path: Path) -> None:
    files = model_files("biggan-deep-128")
    (tmp_path / files.sources[OPENMMLAB].basename).write_bytes(openmmlab_file())
    with pytest.raises(ShowError, match=r"instead of 099e96f9"):
        fetch_from(files, tmp_path, tmp_path / "cache", no_progress)


def test_an_embedded_model_is_not_downloaded(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="'theatre' comes with Laterna"):
        fetch(model_files("theatre"), tmp_path, no_progress)
    with pytest.raises(ShowError, match="'sphinx' comes with Laterna"):
        fetch_from(model_files("sphinx"), tmp_path, tmp_path, no_progress)
    (tmp_path / "tiny.en.pt").touch()
    with pytest.raises(ShowError, match="is already in its place"):
        fetch_from(model_files("tiny.en"), tmp_path, tmp_path, no_progress)
