"""Train, build or evaluate the models that come with Laterna."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from installation.core.errors import LaternaError

DEVICES = ("cpu", "cuda")
METHODS = ("bank", "adam", "ours")


def main() -> int:
    """Run the task that the command line names. Returns the exit status: 2 for an error that the user can fix."""
    parser = argparse.ArgumentParser(prog="python -m installation.training", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    _add_openings(tasks.add_parser("openings", help="paint the opening pictures of the theatre"))
    _add_bank(tasks.add_parser("bank", help="build the latent bank and the opening pictures of a generator"))
    _add_figures(tasks.add_parser("figures", help="build the theatre's atlas of paper figures"))
    _add_generator(tasks.add_parser("generator", help="train biggan-embedded by distillation of backdrops"))
    _add_perceptor(tasks.add_parser("perceptor", help="train clip-embedded on rendered images and generated texts"))
    _add_classifier(tasks.add_parser("judge", aliases=["classifier"], help="train the classifier of the evaluation"))
    _add_evaluate(tasks.add_parser("evaluate", help="score the images for held-out prompts"))
    _add_manifest(tasks.add_parser("manifest", help="write the hashes of the assets, after any of them has changed"))
    _add_all(tasks.add_parser("all", help="train, build and evaluate everything within one time budget"))
    options = parser.parse_args()
    try:
        options.run(options)
    except LaternaError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _add_bank(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("generator", help="name of the generator")
    parser.add_argument("--perceptor", default="auto", help="name of the perceptor (default: %(default)s)")
    parser.add_argument("--entries", type=int, default=4096, help="number of entries (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the samples (default: %(default)s)")
    parser.add_argument("--openings", type=int, nargs="*", help="entries whose images become opening pictures")
    parser.add_argument("--sheet", type=Path, help="file for a contact sheet of candidates for opening pictures")
    parser.add_argument("--extend", action="store_true", help="only add the figures that the stored bank lacks")
    parser.set_defaults(run=_run_bank)


def _run_bank(options: argparse.Namespace) -> None:
    from installation.training.bank_builder import build_shipped_bank, extend_shipped_bank

    if options.extend:
        extend_shipped_bank(options.generator)
        return
    build_shipped_bank(
        options.generator,
        options.perceptor,
        options.entries,
        options.seed,
        openings=options.openings,
        sheet=options.sheet,
    )


def _add_manifest(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=_run_manifest)


def _add_openings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, help="output folder (default: theatre-openings in assets/banks)")
    parser.set_defaults(run=_run_openings)


def _run_openings(options: argparse.Namespace) -> None:
    from installation.training.openings import write_openings

    print(write_openings(options.out))


def _run_manifest(_: argparse.Namespace) -> None:
    from installation import models
    from installation.core.asset_manifest import write_asset_manifest

    print(write_asset_manifest(models.default_place().assets))


def _add_figures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, help="output file (default: figures.npz in assets/theatre)")
    parser.set_defaults(run=_run_figures)


def _run_figures(options: argparse.Namespace) -> None:
    from installation import models
    from installation.training.data.figure_atlas import build_atlas

    build_atlas(options.out or models.default_place().assets / "theatre" / "figures.npz")


def _add_generator(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="work folder of the training run")
    _add_budget(parser, "60m", "training stops then and can be resumed")
    _add_device(parser)
    parser.add_argument("--resume", action="store_true", help="continue the run in the work folder")
    parser.add_argument("--pictures", type=int, help="number of training images (default: what fits the budget)")
    _add_cold(parser, "the generator")
    _add_seed(parser)
    parser.set_defaults(run=_run_generator)


def _run_generator(options: argparse.Namespace) -> None:
    from installation.training.generator.train import GeneratorOptions, train_generator
    from installation.training.progress import parse_duration

    train_generator(
        GeneratorOptions(
            options.work,
            parse_duration(options.budget),
            device=options.device,
            resume=options.resume,
            images=options.pictures,
            cold_start=options.cold,
            seed=options.seed,
        )
    )


def _add_perceptor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, help="work folder of the training run (default: in the user's cache)")
    _add_budget(parser, "40m", "of one core; it determines the number of images and steps")
    _add_device(parser)
    parser.add_argument("--out", type=Path, help="output folder (default: clip-embedded in the work folder)")
    parser.add_argument("--warm", type=Path, help="folder of an embedded perceptor whose weights are the initial ones")
    _add_seed(parser)
    parser.add_argument(
        "--images-only", action="store_true", help="train the image tower; keep the text tower of --warm"
    )
    parser.add_argument("--processes", type=int, default=1, help="processes that render images (default: %(default)s)")
    parser.set_defaults(run=_run_perceptor)


def _run_perceptor(options: argparse.Namespace) -> None:
    from installation.training.perceptor.train import PerceptorOptions, default_work_folder, train_perceptor
    from installation.training.progress import parse_duration

    train_perceptor(
        PerceptorOptions(
            options.work or default_work_folder(),
            parse_duration(options.budget) / 60.0,
            device=options.device,
            out=options.out,
            warm_start=options.warm,
            seed=options.seed,
            processes=options.processes,
            images_only=options.images_only,
        )
    )


def _add_classifier(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="folder for the rendered images")
    _add_budget(parser, "20m", "training stops then")
    parser.add_argument("--out", type=Path, help="output folder (default: assets/judge)")
    parser.set_defaults(run=_run_classifier)


def _run_classifier(options: argparse.Namespace) -> None:
    from installation import models
    from installation.training.evaluation.classifier_training import train_classifier
    from installation.training.progress import parse_duration

    out = options.out or models.default_place().assets / "judge"
    train_classifier(options.work, parse_duration(options.budget), out)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--generators", nargs="+", default=["theatre", "paper-stage"], help="generators by name")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS), help="methods to compare")
    parser.add_argument("--prompts", type=int, help="number of held-out prompts (default: all)")
    parser.add_argument("--steps", type=int, default=24, help="optimisation steps of adam and ours (default: 24)")
    parser.add_argument("--out", type=Path, required=True, help="output folder for the table, the JSON and the sheets")
    parser.set_defaults(run=_run_evaluate)


def _run_evaluate(options: argparse.Namespace) -> None:
    from installation import models
    from installation.training.evaluation.evaluate import EvaluationOptions, evaluate

    evaluate(
        models.default_place(),
        EvaluationOptions(options.generators, options.methods, options.prompts, options.steps),
        options.out,
    )


def _add_all(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="work folder; the models are written to its `assets`")
    _add_budget(parser, "2h", "divided among the tasks")
    _add_device(parser)
    parser.add_argument("--tiny", action="store_true", help="a few steps of everything, to test that it runs")
    _add_cold(parser, "the models")
    _add_seed(parser)
    parser.set_defaults(run=_run_all)


def _run_all(options: argparse.Namespace) -> None:
    from installation.training.pipeline import PipelineOptions, train_all
    from installation.training.progress import parse_duration

    train_all(
        PipelineOptions(
            options.work,
            parse_duration(options.budget),
            device=options.device,
            tiny=options.tiny,
            cold_start=options.cold or options.tiny,
            seed=options.seed,
        )
    )


def _add_budget(parser: argparse.ArgumentParser, default: str, effect: str) -> None:
    parser.add_argument("--budget", default=default, help=f"time budget: 90s, 60m, 2h (default: %(default)s); {effect}")


def _add_device(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--device", choices=DEVICES, default="cpu", help="device that trains (default: %(default)s)")


def _add_cold(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--cold", action="store_true", help=f"start from random weights instead of {what} in assets/")


def _add_seed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help="seed of the training run (default: %(default)s)")


if __name__ == "__main__":
    sys.exit(main())
