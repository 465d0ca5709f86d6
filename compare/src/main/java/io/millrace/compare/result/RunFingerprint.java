package io.millrace.compare.result;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that decides the result of a run, by name.
 *
 * @param comparison the parts that all runs of a comparison share
 * @param run the parts of this run
 */
public record RunFingerprint(Map<String, String> comparison, Map<String, String> run) {

    private static final int SHOWN = 12;

    public RunFingerprint {
        comparison = new TreeMap<>(comparison);
        run = new TreeMap<>(run);
    }

    /** The first part in which another comparison differs. */
    public Optional<String> differenceOfComparison(RunFingerprint other) {
        return difference(comparison, other.comparison);
    }

    /** The first part in which another run differs. */
    public Optional<String> difference(RunFingerprint other) {
        return differenceOfComparison(other).or(() -> difference(run, other.run));
    }

    private static Optional<String> difference(Map<String, String> expected, Map<String, String> actual) {
        return expected.entrySet().stream()
                .filter(part -> !part.getValue().equals(actual.get(part.getKey())))
                .map(part -> "another " + part.getKey() + ": expected " + shown(part.getValue()) + ", got "
                        + shown(String.valueOf(actual.get(part.getKey()))))
                .findFirst();
    }

    private static String shown(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN);
    }
}
