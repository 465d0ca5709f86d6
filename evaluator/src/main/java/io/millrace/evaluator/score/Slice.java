package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeAttributes;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The examples of a probe set with one value of one attribute.
 *
 * @param attribute the attribute
 * @param value its value
 * @param examples the indices of the examples, ascending
 */
record Slice(String attribute, String value, int[] examples) {

    /** Fewest examples of a slice: scores of fewer are mostly chance. */
    static final int MIN_EXAMPLES = 10;

    /** Every slice of a probe set, the largest first; of equal ones, by attribute and value. */
    static List<Slice> of(ProbeSet probeSet) {
        Map<String, Map<String, List<Integer>>> byAttribute = new TreeMap<>();
        for (int i = 0; i < probeSet.examples().size(); i++) {
            int index = i;
            attributes(probeSet.examples().get(i)).forEach((attribute, value) -> {
                if (!ProbeAttributes.NAMING_EXAMPLES.contains(attribute) && value != null) {
                    byAttribute
                            .computeIfAbsent(attribute, any -> new TreeMap<>())
                            .computeIfAbsent(value, any -> new ArrayList<>())
                            .add(index);
                }
            });
        }
        List<Slice> slices = new ArrayList<>();
        byAttribute.forEach((attribute, byValue) -> byValue.forEach((value, examples) -> {
            if (examples.size() >= MIN_EXAMPLES) {
                slices.add(new Slice(
                        attribute,
                        value,
                        examples.stream().mapToInt(Integer::intValue).toArray()));
            }
        }));
        slices.sort(Comparator.comparing(slice -> -slice.examples().length));
        return slices;
    }

    private static Map<String, String> attributes(LabelledExample example) {
        return example.attributes() == null ? Map.of() : example.attributes();
    }
}
