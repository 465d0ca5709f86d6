package io.millrace.evaluator.detail;

import io.millrace.evaluator.detail.Originals.Original;
import io.millrace.evaluator.score.Answer;
import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.PartScores;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Failure rates per capability, as in CheckList (Ribeiro et al. 2020, arXiv 2005.04118). An example with the attribute
 * {@code checklist} checks the capability of that name. Without an original it is a minimum functionality test: it fails if
 * the answer is wrong. With an original ({@code perturbs}) it is an invariance test: it fails if the answer differs from that
 * to the original, right or wrong.
 */
final class CheckList {

    private CheckList() {}

    /** {@code failureRate} of each capability, the one with most examples first. */
    static List<PartScores> of(ScoredSet set, Originals originals) {
        Map<String, Tally> capabilities = new TreeMap<>();
        List<LabelledExample> examples = set.probeSet().examples();
        for (int i = 0; i < examples.size(); i++) {
            LabelledExample example = examples.get(i);
            Answer answer = set.answers().get(i);
            ProbeAttributes.of(example, ProbeAttributes.CHECKLIST).ifPresent(capability -> capabilities
                    .computeIfAbsent(capability, any -> new Tally())
                    .add(set.probeSet().name(), example, answer, originals));
        }
        return capabilities.entrySet().stream()
                .sorted(Comparator.comparing(capability -> -capability.getValue().examples))
                .map(capability -> capability.getValue().part(capability.getKey()))
                .toList();
    }

    private static final class Tally {

        private int examples;
        private int tested;
        private int failed;

        private void add(String probeSet, LabelledExample example, Answer answer, Originals originals) {
            examples++;
            if (ProbeAttributes.of(example, ProbeAttributes.PERTURBS).isEmpty()) {
                tested++;
                failed += answer.correct() ? 0 : 1;
                return;
            }
            Optional<Original> original = originals.of(probeSet, example);
            if (original.isPresent()) {
                tested++;
                failed += answer.agreesWith(original.get().answer()) ? 0 : 1;
            }
        }

        private PartScores part(String capability) {
            OptionalDouble rate = tested == 0 ? OptionalDouble.empty() : OptionalDouble.of(failed / (double) tested);
            return new Sheet()
                    .put("failureRate", rate, "no example names an original that is there")
                    .part(PartScores.Kind.CAPABILITY, null, capability, tested);
        }
    }
}
