package io.millrace.compare.result;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything that decides the result of a run, by the name of the part.
 *
 * @param comparison what all runs of a comparison share
 * @param run what is this run's own
 */
public record RunFingerprint(Map<String, String> comparison, Map<String, String> run) {

    private static final int SHOWN = 12;

    public RunFingerprint {
        comparison = new TreeMap<>(comparison);
        run = new TreeMap<>(run);
    }

    /** What another comparison differs in: the first such part. */
    public Optional<String> differenceOfComparison(RunFingerprint other) {
        return difference(comparison, other.comparison);
    }

    /** What another run differs in: the first such part. */
    public Optional<String> difference(RunFingerprint other) {
        return differenceOfComparison(other).or(() -> difference(run, other.run));
    }

    private static Optional<String> difference(Map<String, String> expected, Map<String, String> actual) {
        return expected.keySet().stream()
                .filter(part -> !expected.get(part).equals(actual.get(part)))
                .map(part -> "another " + part + ": expected " + shown(expected.get(part)) + ", got "
                        + shown(String.valueOf(actual.get(part))))
                .findFirst();
    }

    private static String shown(String value) {
        return value.length() <= SHOWN ? value : value.substring(0, SHOWN);
    }
}
