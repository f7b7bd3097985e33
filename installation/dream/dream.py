"""One prompt being optimised: a start from the latent bank, classes by search, then z by gradient while it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import torch
from torch import Tensor

from installation.core.messages import Prompt, Value
from installation.dream.class_evidence import NAMED
from installation.dream.class_names import named_choice, strongest_classes
from installation.dream.class_search import WordClasses, search_classes
from installation.dream.class_start import start_class_weights
from installation.dream.dream_models import DreamModels
from installation.dream.latent_bank import Choice, logits_of_choice
from installation.dream.memory_budget import MemoryBudget
from installation.dream.optimizers import Optimizer
from installation.dream.prompt_notices import picture_notices, unknown_text_notices, word_notices
from installation.dream.prompt_target import prompt_texts
from installation.dream.scene_words import SECOND
from installation.dream.schedule import Schedule
from installation.dream.text_reading import Reading
from installation.dream.word_classes import decide_classes
from installation.models.capabilities import Arrangeable
from installation.models.interfaces import Floats, Latents, Point, logits_of, match_layers, slices, weights_of

RATED_ON_CARD = 2  # pictures at once, about 3 ms: that long a frame may wait
START_ENTRIES = 4  # nearest bank entries whose z are tried with the chosen classes
FIRST_ENTRY_BONUS = 0.08  # of `cosine_gain`: by so much another z must be better than the one that is already shown
EASING = 0.1  # share of the way from shown to chosen class weights in one piece of work
MIN_EASING = 0.02  # and at least this much weight, so that it arrives
NEW_MIXTURE = 0.15  # change of a prompt's share from which on other classes are searched for
CLASS_SMOOTHING = 0.12  # weight of all other classes at the start, where class logits are optimised

StartOptimizer = Callable[[Latents[Tensor], int, float], Optimizer]  # start, seed, score of the start


class Dream:
    """A set of prompts and the latents that are being moved towards them; see `DreamProtocol` in `render.interfaces`.

    Attributes:
        prompt_id: Id of the last prompt, 0 without prompts.
        steps: Optimisation steps done.
        score: Smoothed cosine of prompt and shown picture.
        loss: Of the last optimisation step, see `OptimizerResult`; 0 before the first.
        start_score: Cosine of the prompt and the bank entry that the dream began with.
        choice: [groups], the classes that have been chosen so far.
        target: What pictures are rated against, on the device.
    """

    optimises = True

    def __init__(
        self,
        models: DreamModels,
        budget: MemoryBudget,
        start_optimizer: StartOptimizer,
        *,
        prompts: Sequence[Prompt],
        seed: int,
        params: Mapping[str, Value],
    ) -> None:
        self.prompt_id = prompts[-1].id if prompts else 0
        self.steps = 0
        self._models = models
        self._budget = budget
        self._groups = models.generator.groups
        self._prompts = tuple(prompts)
        self._searched = _shares(prompts)  # the mixture that the classes have been searched for
        self._seed = seed
        self._params = dict(params)
        self._schedule = Schedule.from_params(params, models.settings)
        self._cutouts = budget.cutouts
        self._set_target()
        self._notices = [
            *self.texts.notices,
            *self._word_notices(),
            *unknown_text_notices(models, self.texts.wanted),
            *picture_notices(self.texts.texts, models.settings.pictures),
        ]

        scores = self._bank_target.rating(models.bank_embeddings).numpy()  # [entries]
        self._entries = models.bank.nearest(scores, seed)
        self.start_score = float(self._bank_target.score(models.bank_embeddings[self._entries[:1].copy()]))
        self.score = self.start_score
        self.loss = 0.0
        self.choice: Choice = models.bank.classes[self._entries[0]].astype(np.intp)
        self._choice_is_new = False  # to the optimiser
        if not models.searches_classes or models.settings.class_names:
            self.choice = self._start_choice()
        start_weights = start_class_weights(models.settings, self.choice, self._groups, seed, models.class_embeddings)
        self._shown_weights = start_weights  # [1, classes]

        from_bank = models.settings.start == "bank"
        z = self._start_z(0) if from_bank else self._random_z()
        start = Latents(models.to_device(z), models.to_device(self._start_class_parameters(start_weights)))
        self._optimizer = start_optimizer(start, seed, self.start_score)
        if from_bank:
            self._optimizer.set_z(models.to_device(models.space.varied(z, self._schedule.truncation, seed)))
        self._search: Iterator[Choice] = iter(())
        if self.texts.texts and models.searches_classes:
            self._search = self._new_search(self._restart_at_best_entry if from_bank else None)

    @property
    def most_cutouts(self) -> int:
        """The most cutouts of a step that memory has allowed so far."""
        return self._budget.cutouts

    def step(self) -> bool:
        """Do one piece of work: rate pictures of candidate classes, or one optimisation step; True after the latter.

        If the device's memory runs out, later steps take less of it.
        """
        self.catch_up()
        if not self.texts.texts or self._budget.exhausted:
            return False
        try:
            with self._models.stream.piece():
                choice = next(self._search, None)
                if choice is None:
                    return self._optimise()
                self._set_choice(choice)
                self._optimizer.ease()
                self._ease_weights()
        except torch.OutOfMemoryError:
            self._notices.append(self._budget.halve(self._cutouts))
            self._cutouts = self._budget.taken(self._cutouts)
        return False

    def point(self) -> Point:
        """Return the latents to show, a batch of one."""
        point = Latents(self._optimizer.result().z, logits_of(self._shown_weights))
        generator = self._models.generator
        return generator.with_marks(point, self._marks) if isinstance(generator, Arrangeable) else point

    def catch_up(self) -> None:
        """Read the texts again if more is known now of their words or sounds."""
        reader, sounds = self._models.reader, self._models.sounds
        words_known = self._pending and reader is not None and reader.ready
        if words_known or (self.texts.pending and sounds is not None and not sounds.listening):
            self._read_again()

    def continue_from(self, point: Point) -> None:
        """Continue from stored latents, a batch of one, instead of the start; their classes stay."""
        models = self._models
        self._search = iter(())
        self.choice = np.asarray(strongest_classes(point, self._groups)[0])
        self._shown_weights = weights_of(point.classes, self._groups)
        logits = torch.from_numpy(point.classes)
        parameters = models.class_weighting.from_logits(logits) if models.optimises_classes else logits
        self._optimizer.set_classes(models.to_device(parameters.numpy()))
        self._optimizer.set_z(models.to_device(point.z))
        self._optimizer.settle()

    def search_again(self) -> None:
        """Search for classes again, beginning with those of the moment, if they are searched for."""
        if self._models.searches_classes and self.texts.texts:
            self._search = self._new_search()

    def settle(self) -> None:
        """Finish the class search and show the current latents without easing, for pictures that are not animated."""
        for choice in self._search:
            self._set_choice(choice)
        self._optimizer.settle()
        self._shown_weights = self._chosen_weights()

    def set_prompts(self, prompts: Sequence[Prompt]) -> None:
        """Change the words or weights of the prompts; classes are searched again once a weight has changed much."""
        self._prompts = tuple(prompts)
        self._set_target()
        mixture = _shares(prompts)
        moved = max((abs(share - self._searched.get(key, 0.0)) for key, share in mixture.items()), default=0.0)
        if moved > NEW_MIXTURE and self.texts.texts and self._models.searches_classes:
            self._searched = mixture
            self._search = self._new_search()

    def set_params(self, params: Mapping[str, Value]) -> None:
        """Apply changed live parameters."""
        negative_changed = _negative(self._params) != _negative(params)
        self._params = dict(params)
        schedule, old = Schedule.from_params(params, self._models.settings), self._schedule
        if schedule.truncation != old.truncation:
            self._optimizer.rescale(schedule.truncation / old.truncation, schedule.truncation)
        self._schedule = schedule
        if negative_changed:
            self._set_target()
            if self.texts.texts and self._models.searches_classes:
                self._search = self._new_search()

    def restart(self, z: Floats) -> None:
        """Continue from other latents; the shown ones approach them. z is a batch of one."""
        self._optimizer.set_z(self._models.to_device(z))

    def set_cutouts(self, cutouts: int) -> None:
        """Take so many cutouts a step from now on, within 1 and `most_cutouts`."""
        self._cutouts = self._budget.taken(cutouts)

    @property
    def cutouts(self) -> int:
        """Of the next step."""
        return self._cutouts

    def add_notices(self, notices: Sequence[str]) -> None:
        """Append sentences for the operator."""
        self._notices += notices

    def pop_notice(self) -> str:
        """Return the sentences for the operator since the last call, or ''."""
        notice = " ".join(self._notices)
        self._notices.clear()
        return notice

    def related_classes(self) -> tuple[int, ...]:
        """Return classes by how close they are to the words, without neutral ones and those that the words name.

        Of several groups, those of which the words name a class are left out, and the others take turns: what is added
        to a picture shall not hide its subject.
        """
        if not self.texts.texts:
            return ()
        weights = np.array(self.texts.weights, np.float32)
        evidence = self._models.evidence.of_texts(self._models.embed_texts(self.texts.texts), weights)
        named = decide_classes(self._groups, evidence, self._readings(), weights.tolist())[0]
        rankings = []
        for group, where in zip(self._groups, slices(self._groups), strict=True):
            order = [index for index in np.argsort(-evidence[where], kind="stable").tolist() if index != group.neutral]
            if len(self._groups) == 1:
                rankings.append([where.start + index for index in order[1:]])
            elif max(named[where.start + index] for index in order) < NAMED:
                rankings.append([where.start + index for index in order])
        turns = zip_longest(*rankings)
        return tuple(index for turn in turns for index in turn if index is not None)

    def labels(self) -> tuple[str, ...]:
        """Return the names of the chosen or strongest classes, one of each group, without neutral ones.

        Those that a mark names follow: the class of a second figure.
        """
        optimised = self._models.optimises_classes
        choice = strongest_classes(self.point(), self._groups)[0] if optimised else self.choice
        pairs = zip(self._groups, choice, strict=True)
        chosen = [group.labels[index] for group, index in pairs if index != group.neutral]
        all_labels = {label for group in self._groups for label in group.labels}
        second = (mark.removeprefix(SECOND) for mark in self._marks if mark.startswith(SECOND))
        return tuple(dict.fromkeys([*chosen, *(label for label in second if label in all_labels)]))

    def _set_target(self) -> None:
        self.texts = prompt_texts(self._prompts, _negative(self._params), self._models.fit, self._models.sounds)
        readings = self._readings()
        self._pending = any(reading.pending for reading in readings)
        heaviest = sorted(zip(self.texts.weights, readings, strict=True), key=lambda one: -one[0])
        self._marks = next((one.marks for weight, one in heaviest if weight > 0 and one.marks), ())
        english = tuple(
            self._models.fit(reading.english) if reading.english else text
            for reading, text in zip(readings, self.texts.texts, strict=True)
        )
        self.texts = replace(self.texts, notices=self.texts.told([bool(reading.english) for reading in readings]))
        self._bank_target, self.target = self._models.targets(replace(self.texts, texts=english))

    def _readings(self) -> list[Reading]:
        """What single words of each text name; nothing in the names of pictures, and noise."""
        reader, models = self._models.reader, self._models
        return [reader.read(text) if reader and models.are_words(text) else Reading() for text in self.texts.said]

    def _read_again(self) -> None:
        """Take what words name again, now that the sentence encoder is loaded or a sound was heard."""
        before = self.texts
        self._set_target()
        self._notices += [each for each in self.texts.notices if each not in before.notices]
        self._notices += [*unknown_text_notices(self._models, self.texts.wanted), *self._word_notices()]
        if self.texts.texts and not before.texts:  # a sound alone: the dream has begun anywhere
            scores = self._bank_target.rating(self._models.bank_embeddings).numpy()
            self._entries = self._models.bank.nearest(scores, self._seed)
            self.restart(self._start_z(0))
        if self._models.searches_classes and self.texts.texts:
            self._search = self._new_search()

    def _word_notices(self) -> list[str]:
        return [] if self._pending else word_notices(self._readings(), self.texts.weights)

    # -- classes ------------------------------------------------------------------------------------------------

    def _new_search(self, on_first_guess: Callable[[Choice], Iterator[None]] | None = None) -> Iterator[Choice]:
        weights = np.array(self.texts.weights, np.float32)
        evidence = self._models.evidence.of_texts(self._bank_target.texts.numpy(), weights)
        words = WordClasses()
        if self._models.reader:
            evidence, words = decide_classes(self._groups, evidence, self._readings(), self.texts.weights)
        return search_classes(
            self._models.knowledge,
            evidence,
            self.choice,
            lambda choices: self._models.rate(self._optimizer.z, choices, self.target),
            seed=self._seed,
            batch=self._rated_at_once,
            words=words,
            on_first_guess=on_first_guess,
        )

    @property
    def _rated_at_once(self) -> int:
        return min(self._budget.batch, RATED_ON_CARD) if self._models.stream.asynchronous else self._budget.batch

    def _set_choice(self, choice: Choice) -> None:
        self.choice, self._choice_is_new = choice, True

    def _choice_logits(self) -> Floats:
        return logits_of_choice(self.choice[None], self._groups)  # [1, classes]

    def _chosen_weights(self) -> Floats:
        """Return the class weights that the shown ones approach. -> [1, classes]."""
        optimised = self._models.optimises_classes
        return weights_of(self._optimizer.result().classes if optimised else self._choice_logits(), self._groups)

    def _ease_weights(self) -> None:
        """Move the shown class weights towards the chosen ones until they are equal."""
        way = self._chosen_weights() - self._shown_weights
        moved = self._shown_weights + EASING * way + np.clip((1.0 - EASING) * way, -MIN_EASING, MIN_EASING)
        self._shown_weights = moved.astype(np.float32)

    def _start_choice(self) -> Choice:
        """Return the classes of the start, where they are not searched for. -> [groups]."""
        settings, choice = self._models.settings, self.choice
        if settings.class_names:
            return named_choice(settings.class_names, self._groups, choice, self._seed)
        if settings.start_classes == "words" and self.texts.texts and settings.classes == "frozen":
            return next(self._new_search())
        if settings.start_classes in ("words", "bank"):
            return choice
        drawn = strongest_classes(self._models.generator.sample(1, self._seed), self._groups)  # [1, groups]
        return np.asarray(drawn[0])

    def _start_class_parameters(self, weights: Floats) -> Floats:
        """Return the class parameters to begin with, smoothed if they are optimised. -> [1, classes]."""
        if not self._models.optimises_classes:
            return logits_of(weights)
        sizes = np.concatenate([np.full(len(group.labels), len(group.labels)) for group in self._groups])
        smoothed = (1.0 - CLASS_SMOOTHING) * weights + CLASS_SMOOTHING / sizes
        smoothed_logits = torch.from_numpy(logits_of(smoothed.astype(np.float32)))
        return self._models.class_weighting.from_logits(smoothed_logits).numpy()

    # -- z ------------------------------------------------------------------------------------------------------

    def _optimise(self) -> bool:
        """Do one piece of optimisation; return True if it completed a step."""
        if self._choice_is_new:
            self._optimizer.set_classes(self._models.to_device(self._choice_logits()))
            self._choice_is_new = False
        finished = self._optimizer.step(self.target, self._schedule, self._cutouts)
        if finished or not self._budget.sliced:  # classes ease once a step, however many slices it has
            self._ease_weights()
        result = self._optimizer.result()
        self.score, self.loss = result.score, result.loss
        self.steps += finished
        return finished

    def _start_z(self, index: int) -> Floats:
        """Return z of one of the nearest entries at the present truncation, a batch of one."""
        z = self._models.bank_point(int(self._entries[index])).z
        return self._models.space.start(z, self._schedule.truncation)

    def _random_z(self) -> Floats:
        """Draw z from the generator's own distribution, in the shape of the bank's. -> [1, ...]."""
        drawn = self._models.space.start(self._models.generator.sample(1, self._seed).z, self._schedule.truncation)
        return match_layers(drawn, self._start_z(0))[0].astype(np.float32)

    def _restart_at_best_entry(self, guess: Choice) -> Iterator[None]:
        """Continue from that of the nearest bank entries whose z suits the first guess of the classes best.

        A device that works beside the host rates them in a piece of its own.
        """
        models = self._models
        entries = range(1, min(START_ENTRIES, len(self._entries)))
        with models.stream.work():
            z = torch.cat([self._optimizer.z, *(models.to_device(self._start_z(index)) for index in entries)])
        rated = []
        for begin in range(0, len(z), self._rated_at_once):
            rows = z[begin : begin + self._rated_at_once]
            rated.append(models.rate(rows, np.repeat(guess[None], len(rows), axis=0), self.target))
            if models.stream.asynchronous:
                yield
        ratings = np.concatenate([each.result() for each in rated])
        ratings[0] += FIRST_ENTRY_BONUS * models.evidence.cosine_gain
        best = int(ratings.argmax())
        self._optimizer.set_z(z[best : best + 1])


def _shares(prompts: Sequence[Prompt]) -> dict[tuple[int, str], float]:
    """The share of each prompt in the total weight, by its id and text."""
    total = sum(abs(prompt.weight) for prompt in prompts) or 1.0
    return {(prompt.id, prompt.text): prompt.weight / total for prompt in prompts}


def _negative(params: Mapping[str, Value]) -> str:
    return str(params.get("prompt/negative", ""))
