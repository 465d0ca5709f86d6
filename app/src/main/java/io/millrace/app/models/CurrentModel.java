package io.millrace.app.models;

import io.millrace.schemas.ByHand;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The champion of a task.
 *
 * @param task the task
 * @param checkpoint the checkpoint that it was taken from
 * @param step its optimizer steps
 * @param since since when it is the champion
 * @param verdict the verdict that made it the champion
 * @param byHand whether a person chose it
 * @param reasons why, a sentence each
 * @param location its directory, relative to the store
 * @param directory its directory; absent if the store is not known
 * @param files what is left of it: {@code model}, {@code checkpoint} or {@code gone}; absent if the store is not known
 * @param sha256 SHA-256 of its {@code model.safetensors}
 * @param scores its scores at that verdict
 * @param hold the hold, while no other is promoted; absent without one
 */
public record CurrentModel(
        String task,
        String checkpoint,
        long step,
        Instant since,
        String verdict,
        boolean byHand,
        List<String> reasons,
        @Nullable String location,
        @Nullable String directory,
        @Nullable String files,
        @Nullable String sha256,
        List<ProbeScore> scores,
        ByHand.@Nullable Hold hold) {

    private static final int MAX_SENTENCE_CHARS = 800;

    /**
     * The champion.
     *
     * @param store the store, if it is known
     * @throws IllegalArgumentException if the task has none
     */
    public static CurrentModel of(String task, TaskModels models, Optional<Path> store) {
        TaskModels.Judged champion = models.named(TaskModels.CHAMPION);
        ModelUpdate update = champion.update();
        String location = update.model().location();
        return new CurrentModel(
                task,
                champion.id(),
                update.model().checkpoint().step(),
                champion.at(),
                update.verdict().wireName(),
                update.request() != null,
                update.reasons(),
                location,
                location == null
                        ? null
                        : store.map(root -> root.resolve(location).toString()).orElse(null),
                store.map(root -> new ModelFiles(root).stateOf(update.model().checkpoint()))
                        .orElse(null),
                update.model().sha256(),
                update.scores(),
                models.hold().orElse(null));
    }

    /** The model for the console. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("champion   " + checkpoint + " of task " + task + ", step " + step);
        lines.add("since      " + since + ", " + verdict + (byHand ? " by hand" : ""));
        lines.add("directory  " + (directory == null ? location + " in the store" : directory)
                + (files == null || files.equals(ModelFiles.MODEL) ? "" : ", but its files are gone"));
        lines.add("sha256     " + sha256);
        for (ProbeScore score : scores) {
            lines.add(String.format(
                    Locale.ROOT,
                    "accuracy   %.3f on %s (%,d examples, %s)",
                    score.accuracy(),
                    LogSafe.line(score.probeSet().name(), MAX_SENTENCE_CHARS),
                    score.probeSet().examples(),
                    score.probeSet().distribution() == Distribution.IN_DISTRIBUTION
                            ? "in distribution"
                            : "out of distribution"));
        }
        reasons.forEach(reason -> lines.add("because    " + LogSafe.line(reason, MAX_SENTENCE_CHARS)));
        if (hold != null) {
            lines.add("hold       "
                    + LogSafe.line(
                            "since " + hold.since() + " by " + hold.by() + ": " + hold.reason(), MAX_SENTENCE_CHARS));
        }
        return lines;
    }
}
