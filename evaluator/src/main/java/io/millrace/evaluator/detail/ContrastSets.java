package io.millrace.evaluator.detail;

import io.millrace.evaluator.score.ScoredSet;
import io.millrace.evaluator.score.Sheet;
import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.schemas.LabelledExample;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Consistency on contrast sets: an original and its small, meaningful edits, which share a {@code group}. */
final class ContrastSets {

    private ContrastSets() {}

    /**
     * {@code consistency}: the share of the groups with at least two examples in which every example is answered right.
     * See Gardner et al. 2020, "Evaluating Models' Local Decision Boundaries via Contrast Sets", arXiv 2004.02709. Nothing
     * is added if no example has a group.
     */
    static void addTo(Sheet sheet, ScoredSet set) {
        Map<String, Group> groups = new LinkedHashMap<>();
        List<LabelledExample> examples = set.probeSet().examples();
        for (int i = 0; i < examples.size(); i++) {
            boolean right = set.answers().get(i).correct();
            ProbeAttributes.of(examples.get(i), ProbeAttributes.GROUP)
                    .ifPresent(group -> groups.merge(group, new Group(1, right), Group::and));
        }
        if (!groups.isEmpty()) {
            OptionalDouble share = groups.values().stream()
                    .filter(group -> group.examples > 1)
                    .mapToInt(group -> group.right ? 1 : 0)
                    .average();
            sheet.put("consistency", share, "no group has two examples");
        }
    }

    private record Group(int examples, boolean right) {

        private Group and(Group other) {
            return new Group(examples + other.examples, right && other.right);
        }
    }
}
