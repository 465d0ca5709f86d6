package io.millrace.compare;

import io.millrace.compare.result.RunResult;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.compare.stats.Median;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints one line per run. */
final class ComparisonProgress {

    private static final double SECONDS_PER_MINUTE = 60;

    private final PrintWriter out;
    private final Map<String, List<Double>> secondsByMethod = new HashMap<>();

    ComparisonProgress(PrintWriter out) {
        this.out = out;
    }

    /** Reports a run that was already finished. */
    void skipped(RunResult run) {
        remember(run);
        out.printf("%s, seed %d: already finished, %s%n", run.method(), run.seed(), scores(run));
    }

    /**
     * Reports a run that has just finished.
     *
     * @param remaining the runs still to be made
     */
    void finished(RunResult run, List<PlannedRun> remaining) {
        remember(run);
        String updates = run.cost().notApplied() == 0 ? "" : ", " + run.cost().notApplied() + " updates not applied";
        out.printf(
                Locale.ROOT,
                "%s, seed %d: %s%s, in %.0f s; %s%n",
                run.method(),
                run.seed(),
                scores(run),
                updates,
                run.cost().seconds(),
                left(remaining));
    }

    private void remember(RunResult run) {
        secondsByMethod
                .computeIfAbsent(run.method(), method -> new ArrayList<>())
                .add(run.cost().seconds());
    }

    private static String scores(RunResult run) {
        return run.last().scores().stream().map(ComparisonProgress::shown).collect(Collectors.joining(", "));
    }

    private static String shown(Score score) {
        return score.probeSet() + " " + score.measure().shown(score.value())
                + score.measure().unit();
    }

    /** Assumes that a method that has not run yet takes as long as the others. */
    private String left(List<PlannedRun> remaining) {
        if (remaining.isEmpty()) {
            return "all done";
        }
        List<Double> all =
                secondsByMethod.values().stream().flatMap(List::stream).toList();
        double seconds = remaining.stream()
                .map(run -> secondsByMethod.getOrDefault(run.method().label(), all))
                .mapToDouble(Median::of)
                .sum();
        return String.format(
                Locale.ROOT, "%d left, about %.0f min", remaining.size(), Math.ceil(seconds / SECONDS_PER_MINUTE));
    }
}
