package io.millrace.compare.result;

import io.millrace.compare.result.RunResult.Score;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * All finished runs of a comparison.
 *
 * @param methods labels of the methods that have runs; all others are compared with the first
 * @param runs the runs, at least one
 */
public record Results(List<String> methods, List<RunResult> runs) {

    /** The name of the test-then-train accuracy among the probe sets. */
    public static final String TEST_THEN_TRAIN = "test-then-train";

    /** The results, with the methods in {@code named} first, in that order. */
    public static Results of(List<String> named, Collection<RunResult> runs) {
        Set<String> present = new TreeSet<>();
        runs.forEach(run -> present.add(run.method()));
        Set<String> methods = new LinkedHashSet<>(named);
        methods.retainAll(present);
        methods.addAll(present);
        List<RunResult> bySeed =
                runs.stream().sorted(Comparator.comparingLong(RunResult::seed)).toList();
        return new Results(List.copyOf(methods), bySeed);
    }

    /** The method that all others are compared with. */
    public String baseline() {
        return methods.get(0);
    }

    /** The probe sets and their measures, in the given order; the test-then-train accuracy is last. */
    public List<Score> probeSets() {
        return runs.get(0).last().scores();
    }

    public Set<Long> seeds() {
        Set<Long> seeds = new TreeSet<>();
        runs.forEach(run -> seeds.add(run.seed()));
        return seeds;
    }

    /** The runs of a method, by seed. */
    public List<RunResult> of(String method) {
        return runs.stream().filter(run -> run.method().equals(method)).toList();
    }

    /** The scores of a method at the end of the stream, by seed. */
    public Map<Long, Double> finalScores(String method, String probeSet) {
        return bySeed(method, run -> run.last().value(probeSet));
    }

    /** The forgetting of a method at the end of the stream, by seed. */
    public Map<Long, Double> forgetting(String method, String probeSet) {
        return bySeed(method, run -> run.forgetting(probeSet, run.evaluations().size() - 1));
    }

    /** The scores of all runs of a method at one evaluation. */
    public List<Double> scoresAt(String method, String probeSet, int evaluation) {
        List<Double> scores = new ArrayList<>();
        of(method).forEach(run -> scores.add(run.evaluations().get(evaluation).value(probeSet)));
        return scores;
    }

    private Map<Long, Double> bySeed(String method, ToDoubleFunction<RunResult> value) {
        Map<Long, Double> values = new TreeMap<>();
        of(method).forEach(run -> values.put(run.seed(), value.applyAsDouble(run)));
        return values;
    }
}
