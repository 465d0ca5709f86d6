package io.millrace.compare.report;

import io.millrace.compare.result.Measure;
import io.millrace.compare.result.Results;
import io.millrace.compare.result.RunResult.Score;
import io.millrace.compare.stats.Estimate;
import io.millrace.compare.stats.Holm;
import io.millrace.compare.stats.PairedDifference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The scores at the end of the stream, and which differences to the first method are more than chance. */
final class ScoreTable {

    private static final double LEVEL = 0.05;
    private static final double SMALLEST_SHOWN = 0.001;
    private static final String NONE = "";

    private final Results results;
    private final Map<Row, PairedDifference> differences = new LinkedHashMap<>();
    private final Map<Row, Double> corrected = new LinkedHashMap<>();

    private record Row(String method, String probeSet) {}

    ScoreTable(Results results) {
        this.results = results;
        for (Score probeSet : results.probeSets()) {
            for (String method : results.methods().subList(1, results.methods().size())) {
                PairedDifference.between(
                                results.finalScores(results.baseline(), probeSet.probeSet()),
                                results.finalScores(method, probeSet.probeSet()))
                        .ifPresent(difference -> differences.put(new Row(method, probeSet.probeSet()), difference));
            }
        }
        Map<Row, Double> pValues = new LinkedHashMap<>();
        differences.forEach((row, difference) -> difference.p().ifPresent(p -> pValues.put(row, p)));
        List<Double> adjusted = Holm.adjust(List.copyOf(pValues.values()));
        int next = 0;
        for (Row row : pValues.keySet()) {
            corrected.put(row, adjusted.get(next));
            next++;
        }
    }

    /** The number of comparisons that the p-values are corrected for. */
    int comparisons() {
        return corrected.size();
    }

    MarkdownTable markdown() {
        List<List<String>> rows = new ArrayList<>();
        for (Score probeSet : results.probeSets()) {
            for (String method : results.methods()) {
                rows.add(cells(method, probeSet));
            }
        }
        return new MarkdownTable(
                List.of(
                        "probe set",
                        "method",
                        "seeds",
                        "score",
                        "difference to " + results.baseline(),
                        "p",
                        "p (Holm)",
                        "at 5 %",
                        "forgetting"),
                rows);
    }

    private List<String> cells(String method, Score probeSet) {
        Measure measure = probeSet.measure();
        String name = probeSet.probeSet();
        Row row = new Row(method, name);
        Estimate score = Estimate.of(results.finalScores(method, name).values());
        Optional<PairedDifference> difference = Optional.ofNullable(differences.get(row));
        Optional<Double> correctedP = Optional.ofNullable(corrected.get(row));
        return List.of(
                measure == Measure.ACCURACY ? name : name + " (" + measure.wireName() + ")",
                method,
                Integer.toString(score.size()),
                measure.shown(score.mean()) + margin(score, measure) + measure.unit(),
                difference
                        .map(found ->
                                measure.shownWithSign(found.difference().mean()) + margin(found.difference(), measure))
                        .orElse(NONE),
                difference
                        .filter(found -> found.p().isPresent())
                        .map(found -> shown(found.p().getAsDouble()))
                        .orElse(NONE),
                correctedP.map(ScoreTable::shown).orElse(NONE),
                difference.map(found -> verdict(found, correctedP)).orElse(NONE),
                name.equals(Results.TEST_THEN_TRAIN) ? NONE : forgetting(method, probeSet));
    }

    private String forgetting(String method, Score probeSet) {
        Estimate forgetting =
                Estimate.of(results.forgetting(method, probeSet.probeSet()).values());
        return probeSet.measure().shown(forgetting.mean()) + margin(forgetting, probeSet.measure());
    }

    private static String margin(Estimate estimate, Measure measure) {
        return estimate.halfWidth().isPresent()
                ? " ± " + measure.shown(estimate.halfWidth().getAsDouble())
                : NONE;
    }

    private static String verdict(PairedDifference found, Optional<Double> correctedP) {
        if (correctedP.isEmpty()) {
            return found.difference().size() < 2
                    ? "one seed, no test"
                    : "cannot be tested: the same difference with every seed";
        }
        return correctedP.get() <= LEVEL ? "significant" : "not significant";
    }

    private static String shown(double p) {
        return p < SMALLEST_SHOWN ? "<0.001" : String.format(Locale.ROOT, "%.3f", p);
    }
}
