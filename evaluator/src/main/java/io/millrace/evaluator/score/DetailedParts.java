package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.PartScores;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The further scores of a set: of the whole, of its labels and of its slices. */
final class DetailedParts {

    private final ProbeSet probeSet;
    private final List<PartScores> parts = new ArrayList<>();
    private int leftOut;

    DetailedParts(ProbeSet probeSet) {
        this.probeSet = probeSet;
    }

    /** Adds the labels that occur, the most frequent first; of equally frequent ones, by name. */
    DetailedParts labels(ClassSheets sheets, List<ScoredExample> answers) {
        List<Map.Entry<String, LabelCounts>> labels = LabelCounts.of(answers).entrySet().stream()
                .filter(label -> label.getValue().examples() > 0)
                .sorted(Comparator.<Map.Entry<String, LabelCounts>>comparingLong(
                                label -> -label.getValue().examples())
                        .thenComparing(Map.Entry.comparingByKey()))
                .toList();
        List<Map.Entry<String, LabelCounts>> kept = kept(labels);
        for (Map.Entry<String, LabelCounts> label : kept) {
            Sheet sheet = sheets.label(label.getKey(), label.getValue());
            int examples = (int) label.getValue().examples();
            parts.add(sheet.part(PartScores.Kind.LABEL, null, label.getKey(), examples));
        }
        return this;
    }

    /** Adds the slices, the largest first. */
    DetailedParts slices(Function<int[], Sheet> sheetOf) {
        for (Slice slice : kept(Slice.of(probeSet))) {
            parts.add(sheetOf.apply(slice.examples())
                    .part(PartScores.Kind.SLICE, slice.attribute(), slice.value(), slice.examples().length));
        }
        return this;
    }

    private <T> List<T> kept(List<T> all) {
        int count = Math.min(all.size(), SetDetails.MAX_PARTS);
        leftOut += all.size() - count;
        return all.subList(0, count);
    }

    /** What was added, with the scores of the whole set. */
    SetDetails with(Sheet whole, List<ScopeScore> scope) {
        return new SetDetails(whole, parts, leftOut, scope);
    }

    /** The indices of all examples of a probe set. */
    static int[] all(ProbeSet probeSet) {
        return IntStream.range(0, probeSet.examples().size()).toArray();
    }
}
