package io.millrace.compare.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Holm's correction: with the m p-values in ascending order, {@code adjusted_i = max over j <= i of min(1, (m - j + 1) p_j)}.
 * If every adjusted value at or below 5 % counts as a finding, the chance of even one false finding among m is at most 5 %.
 */
public final class Holm {

    private Holm() {}

    /** The adjusted p-values, in the order of {@code pValues}. */
    public static List<Double> adjust(List<Double> pValues) {
        List<Double> adjusted = new ArrayList<>(pValues);
        double largest = 0;
        int remaining = pValues.size();
        for (int index : ascending(pValues)) {
            largest = Math.max(largest, Math.min(1, remaining * pValues.get(index)));
            adjusted.set(index, largest);
            remaining--;
        }
        return adjusted;
    }

    private static List<Integer> ascending(List<Double> pValues) {
        return IntStream.range(0, pValues.size())
                .boxed()
                .sorted(Comparator.comparing(pValues::get))
                .collect(Collectors.toList());
    }
}
