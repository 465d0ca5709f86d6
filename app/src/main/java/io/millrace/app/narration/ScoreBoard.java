package io.millrace.app.narration;

import io.millrace.app.console.Format;
import io.millrace.app.console.Table;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ProbeScore;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first, best and last accuracy of each probe set of a task. Its size depends on the probe sets alone. */
public final class ScoreBoard {

    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** Accuracies as shares. */
    private record Row(Distribution distribution, double first, double best, double last) {

        Row with(ProbeScore next) {
            return new Row(next.probeSet().distribution(), first, Math.max(best, next.accuracy()), next.accuracy());
        }
    }

    /** Of the scores of each evaluated checkpoint, oldest first. */
    public static ScoreBoard of(Collection<List<ProbeScore>> evaluations) {
        ScoreBoard board = new ScoreBoard();
        evaluations.forEach(board::add);
        return board;
    }

    /** Adds the scores of a checkpoint. */
    public void add(List<ProbeScore> scores) {
        for (ProbeScore score : scores) {
            String name = score.probeSet().name();
            Row before = rows.get(name);
            rows.put(
                    name,
                    before == null
                            ? new Row(
                                    score.probeSet().distribution(),
                                    score.accuracy(),
                                    score.accuracy(),
                                    score.accuracy())
                            : before.with(score));
        }
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** One row per probe set, those in distribution first. */
    public Table table() {
        return new Table(
                List.of("probe set", "distribution", "first", "best", "final"),
                rows.entrySet().stream()
                        .sorted(Comparator.comparing(row -> row.getValue().distribution()))
                        .map(row -> List.of(
                                row.getKey(),
                                row.getValue().distribution() == Distribution.IN_DISTRIBUTION ? "in" : "out",
                                Format.percent(row.getValue().first()),
                                Format.percent(row.getValue().best()),
                                Format.percent(row.getValue().last())))
                        .toList());
    }
}
