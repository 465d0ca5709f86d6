package io.millrace.app.narration;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.app.console.Format;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a process has done, told when it ends. Its size depends on the tasks and probe sets, and not on how long it ran. */
final class RunSummary {

    private final Map<String, TaskSummary> tasks = new TreeMap<>();

    /** Of one task. */
    private static final class TaskSummary {

        private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        private final ScoreBoard scores = new ScoreBoard();
        private long examples;
        private int checkpoints;
        private long step;
        private @Nullable String model;
    }

    void checkpoint(CheckpointAnnouncement announcement) {
        TaskSummary task = of(announcement.checkpoint().task());
        task.checkpoints++;
        task.examples += announcement.examples();
        task.step = announcement.checkpoint().step();
    }

    void evaluation(String name, List<ProbeScore> scores) {
        of(name).scores.add(scores);
    }

    void modelUpdate(ModelUpdate update) {
        TaskSummary task = of(update.model().checkpoint().task());
        task.verdicts.merge(update.verdict(), 1, Integer::sum);
        if (update.model().location() != null) {
            task.model = update.model().location();
        }
    }

    private TaskSummary of(String name) {
        return tasks.computeIfAbsent(name, key -> new TaskSummary());
    }

    /**
     * The summary; empty if nothing has happened.
     *
     * @param store where the models are
     */
    List<String> lines(MeterRegistry metrics, RejectionLines rejections, Path store) {
        List<String> lines = new ArrayList<>();
        RunFigures figures = RunFigures.of(metrics);
        if (figures.received() > 0) {
            lines.add("ingest           " + figures.ingested());
        }
        if (!rejections.total().isEmpty()) {
            lines.add("rejected         " + rejections.total());
        }
        tasks.forEach((name, task) -> lines.addAll(lines(name, task, store)));
        return lines;
    }

    private static List<String> lines(String name, TaskSummary task, Path store) {
        List<String> lines = new ArrayList<>();
        if (task.checkpoints > 0) {
            lines.add("trained          " + name
                    + Format.text(
                            ": %,d examples, step %,d, checkpoints written: %,d",
                            task.examples, task.step, task.checkpoints));
        }
        if (!task.verdicts.isEmpty()) {
            lines.add("verdicts         " + name + ": "
                    + task.verdicts.entrySet().stream()
                            .map(verdict ->
                                    verdict.getValue() + " " + verdict.getKey().wireName())
                            .collect(Collectors.joining(", ")));
        }
        if (!task.scores.isEmpty()) {
            task.scores.table().lines().forEach(line -> lines.add(" ".repeat(17) + line));
        }
        if (task.model != null) {
            lines.add("try the model    ./millrace predict --checkpoint " + store.resolve(task.model)
                    + " \"a text of yours\"");
        }
        return lines;
    }
}
