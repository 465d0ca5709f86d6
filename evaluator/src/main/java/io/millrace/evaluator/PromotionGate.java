package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.score.ClassificationScores;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a checkpoint becomes the current model. It does unless, on some probe set, in or out of distribution,
 * its accuracy is lower than the current model's by more than the probe set's margin. Only scores on the same version of
 * a probe set are compared. If there is nothing to compare, the checkpoint is promoted, and a reason says so.
 */
final class PromotionGate {

    private final EvaluationConfig config;

    PromotionGate(EvaluationConfig config) {
        this.config = config;
    }

    /**
     * The decision on one checkpoint.
     *
     * @param verdict promoted or rejected
     * @param reasons the reasons, one sentence each
     */
    record Decision(Verdict verdict, List<String> reasons) {
        Decision {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Decides on one checkpoint.
     *
     * @param scores the checkpoint's scores
     * @param current the current model and its scores
     */
    Decision decide(List<ProbeScore> scores, Optional<CurrentModel> current) {
        if (scores.isEmpty()) {
            return new Decision(Verdict.PROMOTED, List.of("there is no probe set, so nothing was compared"));
        }
        if (current.isEmpty()) {
            return new Decision(Verdict.PROMOTED, List.of("there was no current model to compare with"));
        }
        List<String> violations = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        for (ProbeScore score : scores) {
            Optional<ProbeScore> reference = onSameVersion(current.get().scores(), score);
            if (reference.isEmpty()) {
                gaps.add(score.probeSet().name() + " was not compared: the current model has no score on this version");
            } else {
                violation(reference.get(), score).ifPresent(violations::add);
            }
        }
        Verdict verdict = violations.isEmpty() ? Verdict.PROMOTED : Verdict.REJECTED;
        violations.addAll(gaps);
        return new Decision(verdict, violations);
    }

    private Optional<String> violation(ProbeScore reference, ProbeScore score) {
        String probeSet = score.probeSet().name();
        double margin = config.marginOf(probeSet);
        double loss = reference.accuracy() - score.accuracy();
        if (loss <= margin + ClassificationScores.ACCURACY_RESOLUTION) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "accuracy on %s fell from %.3f to %.3f, more than the margin %.3f",
                probeSet,
                reference.accuracy(),
                score.accuracy(),
                margin));
    }

    private static Optional<ProbeScore> onSameVersion(List<ProbeScore> scores, ProbeScore wanted) {
        return scores.stream()
                .filter(score ->
                        score.probeSet().name().equals(wanted.probeSet().name()))
                .filter(score ->
                        score.probeSet().version().equals(wanted.probeSet().version()))
                .findFirst();
    }
}
