"""`python -m installation.training TASK`: makes and measures what comes with Laterna."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from installation.core.errors import LaternaError


def main() -> int:
    """Do what is named; 2 for a mistake that can be mended, as the command line of the show has it."""
    parser = argparse.ArgumentParser(prog="python -m installation.training", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    _bank(tasks.add_parser("bank", help="build the Bank and the opening pictures of a generator"))
    _silhouettes(tasks.add_parser("silhouettes", help="draw the theatre's figures again, of two fonts and of strokes"))
    _generator(tasks.add_parser("generator", help="distil the painter into biggan-embedded"))
    _perceptor(tasks.add_parser("perceptor", help="train clip-embedded on painted pictures and written words"))
    _judge(tasks.add_parser("judge", help="train the judge of the evaluation"))
    _evaluate(tasks.add_parser("evaluate", help="how well pictures answer the held prompts"))
    _all(tasks.add_parser("all", help="all of it: perceptor, generator, judge, Banks, evaluation"))
    options = parser.parse_args()
    try:
        options.run(options)
    except LaternaError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _bank(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("generator")
    parser.add_argument("--perceptor", default="auto")
    parser.add_argument("--entries", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--openings", type=int, nargs="*", help="entries that become opening pictures, chosen by eye")
    parser.add_argument("--sheet", type=Path, help="also draw the candidates for opening pictures into this file")
    parser.set_defaults(run=_run_bank)


def _run_bank(options: argparse.Namespace) -> None:
    from installation.training.bank_builder import build

    build(options.generator, options.perceptor, options.entries, options.seed, options.openings, options.sheet)


def _silhouettes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--noto", type=Path, required=True, help="NotoColorEmoji.ttf")
    parser.add_argument("--symbola", type=Path, required=True, help="Symbola_hint.ttf")
    parser.add_argument("--out", type=Path, help="the file; that of assets/theatre without it")
    parser.set_defaults(run=_run_silhouettes)


def _run_silhouettes(options: argparse.Namespace) -> None:
    from installation import models
    from installation.training.data.silhouette_sdf import Fonts, build

    target = options.out or models.default_place().assets / "theatre" / "silhouettes.npz"
    build(Fonts(options.noto, options.symbola), target)


def _generator(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="the folder of the training")
    parser.add_argument("--budget", default="60m", help="90s, 60m, 2h; the training stops then and can be resumed")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--resume", action="store_true", help="go on with what the folder holds")
    parser.add_argument("--pictures", type=int, help="length of the course; without it, what fits the budget")
    parser.add_argument("--cold", action="store_true", help="begin with chance, not with the generator in assets/")
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(run=_run_generator)


def _run_generator(options: argparse.Namespace) -> None:
    from installation.training.generator.train import GeneratorOptions, train_generator
    from installation.training.progress import seconds_of

    seconds = seconds_of(options.budget)
    given = (options.device, options.resume, options.pictures, options.cold, options.seed)
    train_generator(GeneratorOptions(options.work, seconds, *given))


def _perceptor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, help="the folder of the training; in the user's cache without it")
    parser.add_argument("--budget", default="40m", help="of one core; less of it means fewer pictures and steps")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--out", type=Path, help="where the files go; into the work folder without it")
    parser.add_argument("--warm", type=Path, help="a folder of an embedded perceptor whose weights are begun with")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="that paint")
    parser.set_defaults(run=_run_perceptor)


def _run_perceptor(options: argparse.Namespace) -> None:
    from installation.training.perceptor.train import PerceptorOptions, train_perceptor, usual_work
    from installation.training.progress import seconds_of

    work, minutes = options.work or usual_work(), seconds_of(options.budget) / 60.0
    given = (options.device, options.out, options.warm, options.seed, options.processes)
    train_perceptor(PerceptorOptions(work, minutes, *given))


def _judge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="where its renders are painted")
    parser.add_argument("--budget", default="20m")
    parser.add_argument("--out", type=Path, help="where it is stored; assets/judge without it")
    parser.set_defaults(run=_run_judge)


def _run_judge(options: argparse.Namespace) -> None:
    from installation import models
    from installation.training.evaluation.classifier_training import train_judge
    from installation.training.progress import seconds_of

    train_judge(options.work, seconds_of(options.budget), options.out or models.default_place().assets / "judge")


def _evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--generators", nargs="+", default=["theatre", "biggan-embedded"])
    parser.add_argument("--methods", nargs="+", choices=("bank", "adam", "ours"), default=["bank", "adam", "ours"])
    parser.add_argument("--prompts", type=int, help="so many of the held prompts; all without it")
    parser.add_argument("--steps", type=int, default=24, help="optimisation steps of Adam and of ours")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the table, the sheets and the JSON")
    parser.set_defaults(run=_run_evaluate)


def _run_evaluate(options: argparse.Namespace) -> None:
    from installation import models
    from installation.training.evaluation.evaluate import evaluate

    evaluate(models.default_place(), options.generators, options.methods, options.prompts, options.steps, options.out)


def _all(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--work", type=Path, required=True, help="where everything is made; the models in its `assets`")
    parser.add_argument("--budget", default="2h")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--tiny", action="store_true", help="the least of everything: to see that it runs")
    parser.add_argument("--cold", action="store_true", help="begin with chance, not with the models in assets/")
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(run=_run_all)


def _run_all(options: argparse.Namespace) -> None:
    from installation.training.pipeline import train_all
    from installation.training.progress import seconds_of

    seconds = seconds_of(options.budget)
    train_all(options.work, seconds, options.device, options.tiny, options.cold or options.tiny, options.seed)


if __name__ == "__main__":
    sys.exit(main())
