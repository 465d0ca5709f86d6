package io.millrace.compare.report;

import io.millrace.compare.result.Results;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The results as a Markdown file.
 *
 * @param command the command that made them
 * @param facts the inputs of the comparison, by name
 */
public record TableFile(String command, Map<String, String> facts) {

    public String text(Results results) {
        ScoreTable scores = new ScoreTable(results);
        return String.join(
                "\n",
                "# Comparison",
                "",
                "    " + command,
                "",
                new MarkdownTable(
                                List.of("input", "value"),
                                facts.entrySet().stream()
                                        .map(fact -> List.of(fact.getKey(), fact.getValue()))
                                        .toList())
                        .text(),
                "## Methods",
                "",
                methods(results),
                "## Scores at the end of the stream",
                "",
                reading(results, scores),
                "",
                scores.markdown().text(),
                "## Training cost",
                "",
                "A step predicts one mini-batch and trains on it. Times are medians over the steps of a run, then over runs.",
                "",
                CostTable.of(results).text());
    }

    private static String methods(Results results) {
        List<List<String>> rows = results.methods().stream()
                .map(method -> List.of(
                        method,
                        results.of(method).get(0).settings(),
                        results.of(method).stream()
                                .map(run -> Long.toString(run.seed()))
                                .collect(Collectors.joining(", "))))
                .toList();
        return new MarkdownTable(List.of("method", "settings", "seeds"), rows).text();
    }

    private static String reading(Results results, ScoreTable scores) {
        String forgetting = " Forgetting: the best score along the stream minus the score at its end.";
        if (results.seeds().size() < 2) {
            return "One seed: no intervals and no tests, so no difference here can be told from chance." + forgetting;
        }
        return String.format(
                Locale.ROOT,
                "Means over seeds with 95 %% t-intervals; accuracies in percent. Differences to %s are paired by seed; p is from the"
                        + " two-sided paired t-test, and p (Holm) is corrected for the %d comparisons of this table: significant"
                        + " means that it is at most 0.05.%s",
                results.baseline(),
                scores.comparisons(),
                forgetting);
    }
}
