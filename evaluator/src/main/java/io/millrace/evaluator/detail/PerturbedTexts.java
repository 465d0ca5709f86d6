package io.millrace.evaluator.detail;

import io.millrace.evaluator.detail.Originals.Original;
import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.schemas.LabelledExample;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Robustness to perturbed texts: examples that name an original, whose label they share. */
final class PerturbedTexts {

    private static final String NO_ORIGINAL = "no example names an original that is there";

    private PerturbedTexts() {}

    /**
     * Over the perturbed examples whose original is there: {@code robustnessGap}, the accuracy on the originals, each
     * counted once, less the accuracy on the perturbed examples; and {@code flipRate}, the share of perturbed examples that
     * are answered otherwise than their original. Nothing is added if no example is perturbed.
     */
    static void addTo(Sheet sheet, ScoredSet set, Originals originals) {
        Map<String, Boolean> originalRight = new HashMap<>();
        int named = 0;
        int found = 0;
        int right = 0;
        int flipped = 0;
        List<LabelledExample> examples = set.probeSet().examples();
        for (int i = 0; i < examples.size(); i++) {
            LabelledExample example = examples.get(i);
            if (ProbeAttributes.of(example, ProbeAttributes.PERTURBS).isEmpty()) {
                continue;
            }
            named++;
            Optional<Original> original = originals.of(set.probeSet().name(), example);
            if (original.isPresent()) {
                Answer answer = set.answers().get(i);
                found++;
                right += answer.correct() ? 1 : 0;
                flipped += answer.agreesWith(original.get().answer()) ? 0 : 1;
                originalRight.put(original.get().name(), original.get().answer().correct());
            }
        }
        if (named > 0) {
            double accuracy = right / (double) Math.max(1, found);
            OptionalDouble ofOriginals = originalRight.values().stream()
                    .mapToInt(each -> each ? 1 : 0)
                    .average();
            sheet.put(
                    "robustnessGap",
                    ofOriginals.isPresent()
                            ? OptionalDouble.of(ofOriginals.getAsDouble() - accuracy)
                            : OptionalDouble.empty(),
                    NO_ORIGINAL);
            sheet.put(
                    "flipRate",
                    found == 0 ? OptionalDouble.empty() : OptionalDouble.of(flipped / (double) found),
                    NO_ORIGINAL);
        }
    }
}
