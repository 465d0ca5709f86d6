package io.millrace.app.models;

import io.millrace.app.console.Table;
import io.millrace.schemas.ByHand;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.text.LogSafe;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The table of a task's models: one row per judged checkpoint, with its newest verdict. */
public final class ModelListing {

    private static final int MAX_PROBE_SETS = 4;
    private static final int MAX_NAME_CHARS = 24;
    private static final int MAX_STORE_CHARS = 200;
    private static final int MAX_HOLD_CHARS = 800;
    private static final String NONE = "-";

    private ModelListing() {}

    /**
     * The table.
     *
     * @param models the verdicts
     * @param files the store, if it is known
     * @param rows how many of the newest to show; the champion is always among them
     */
    public static Table of(TaskModels models, Optional<ModelFiles> files, int rows) {
        List<TaskModels.Judged> shown = shown(models, rows);
        List<String> probeSets = probeSets(shown);
        List<String> header = new ArrayList<>(List.of("checkpoint", "step", "verdict", "when", "alias", "files"));
        probeSets.forEach(name -> header.add(LogSafe.line(name, MAX_NAME_CHARS)));
        return new Table(
                header,
                shown.stream()
                        .map(judged -> row(judged, models, files, probeSets))
                        .toList());
    }

    /**
     * The listing as JSON.
     *
     * @param task the task
     * @param champion id of the champion; absent without one
     * @param challenger id of the checkpoint that the gate judged last; absent without one
     * @param hold the hold, while the gate promotes nothing; absent without one
     * @param hidden how many older ones are not shown
     * @param models the shown ones, oldest verdict first
     */
    public record Answer(
            String task,
            @Nullable String champion,
            @Nullable String challenger,
            ByHand.@Nullable Hold hold,
            int hidden,
            List<Entry> models) {}

    /**
     * A judged checkpoint.
     *
     * @param checkpoint its id
     * @param step its optimizer steps
     * @param verdict its newest verdict
     * @param byHand whether a person gave it
     * @param at when it was written
     * @param files what is left of it: {@code model}, {@code checkpoint} or {@code gone}; absent if the store is not known
     * @param accuracy by the name of the probe set
     */
    public record Entry(
            String checkpoint,
            long step,
            String verdict,
            boolean byHand,
            Instant at,
            @Nullable String files,
            Map<String, Double> accuracy) {

        private static Entry of(TaskModels.Judged judged, Optional<ModelFiles> files) {
            ModelUpdate update = judged.update();
            Map<String, Double> accuracy = new TreeMap<>();
            update.scores().forEach(score -> accuracy.put(score.probeSet().name(), score.accuracy()));
            return new Entry(
                    judged.id(),
                    update.model().checkpoint().step(),
                    update.verdict().wireName(),
                    update.request() != null,
                    judged.at(),
                    files.map(store -> store.stateOf(update.model().checkpoint()))
                            .orElse(null),
                    accuracy);
        }
    }

    /** The listing as JSON; the parameters are those of {@link #of}. */
    public static Answer answer(String task, TaskModels models, Optional<ModelFiles> files, int rows) {
        List<TaskModels.Judged> shown = shown(models, rows);
        return new Answer(
                task,
                models.champion().map(TaskModels.Judged::id).orElse(null),
                models.challenger().map(TaskModels.Judged::id).orElse(null),
                models.hold().orElse(null),
                models.all().size() - shown.size(),
                shown.stream().map(judged -> Entry.of(judged, files)).toList());
    }

    private static List<TaskModels.Judged> shown(TaskModels models, int rows) {
        List<TaskModels.Judged> all = new ArrayList<>(models.all());
        List<TaskModels.Judged> shown = new ArrayList<>(all.subList(Math.max(0, all.size() - rows), all.size()));
        models.champion()
                .map(champion -> models.named(champion.id()))
                .filter(champion -> !shown.contains(champion))
                .ifPresent(champion -> shown.add(0, champion));
        return shown;
    }

    /** What holds for all of them: whether promotion is on hold, a champion that is gone, and how much is not shown. */
    public static List<String> notes(TaskModels models, Optional<ModelFiles> files, Table shown) {
        List<String> notes = new ArrayList<>();
        int hidden = models.all().size() - shown.rows().size();
        if (hidden > 0) {
            notes.add(hidden + " older ones are not shown: see --rows");
        }
        files.flatMap(
                        store -> models.champion()
                                .map(champion -> champion.update().model().checkpoint())
                                .filter(champion -> !store.stateOf(champion).equals(ModelFiles.MODEL))
                                .map(
                                        champion -> "the files of the champion are not in "
                                                + LogSafe.line(store.store().toString(), MAX_STORE_CHARS)
                                                + ": nobody can load " + champion.id()
                                                + " from there. If local runs with --data, its store is in"
                                                + " that directory; if they are lost, promote it again if its checkpoint is there, or roll back."))
                .ifPresent(notes::add);
        models.hold()
                .ifPresent(hold -> notes.add(LogSafe.line(
                        "promotion is on hold since " + hold.since() + " by " + hold.by() + ": " + hold.reason(),
                        MAX_HOLD_CHARS)));
        return notes;
    }

    private static List<String> probeSets(List<TaskModels.Judged> shown) {
        return shown.stream()
                .flatMap(judged -> judged.update().scores().stream())
                .map(score -> score.probeSet().name())
                .distinct()
                .sorted()
                .limit(MAX_PROBE_SETS)
                .toList();
    }

    private static List<String> row(
            TaskModels.Judged judged, TaskModels models, Optional<ModelFiles> files, List<String> probeSets) {
        ModelUpdate update = judged.update();
        List<String> row = new ArrayList<>(List.of(
                judged.id(),
                Long.toString(update.model().checkpoint().step()),
                update.verdict().wireName() + (update.request() == null ? "" : " by hand"),
                judged.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                alias(judged, models),
                files.map(store -> store.stateOf(update.model().checkpoint())).orElse("?")));
        for (String name : probeSets) {
            row.add(update.scores().stream()
                    .filter(score -> score.probeSet().name().equals(name))
                    .findFirst()
                    .map(ModelListing::accuracy)
                    .orElse(NONE));
        }
        return row;
    }

    private static String alias(TaskModels.Judged judged, TaskModels models) {
        List<String> aliases = new ArrayList<>();
        if (models.champion()
                .filter(champion -> champion.id().equals(judged.id()))
                .isPresent()) {
            aliases.add(TaskModels.CHAMPION);
        }
        if (models.challenger()
                .filter(challenger -> challenger.id().equals(judged.id()))
                .isPresent()) {
            aliases.add(TaskModels.CHALLENGER);
        }
        return aliases.isEmpty() ? NONE : String.join(", ", aliases);
    }

    private static String accuracy(ProbeScore score) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * score.accuracy());
    }
}
