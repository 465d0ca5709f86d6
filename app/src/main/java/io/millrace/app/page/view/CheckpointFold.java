package io.millrace.app.page.view;

import io.millrace.app.models.VerdictExplanation;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Verdict;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The newest checkpoints of a task with their verdicts, and the line of training through them. Not thread-safe. */
final class CheckpointFold {

    static final int MAX_KEPT = 500;
    private static final int MAX_REASONS = 20;

    private final Map<String, Known> byId = new LinkedHashMap<>();
    private @Nullable String newest;
    private @Nullable String champion;
    private long announced;
    private long promoted;

    /** What is known of a checkpoint; the evidence is written out once, because a checkpoint is shown often. */
    private record Known(
            String id,
            long step,
            Instant at,
            Lineage lineage,
            long examples,
            @Nullable ModelUpdate verdict,
            Map<String, Double> scores,
            List<String> evidence) {}

    void announced(CheckpointAnnouncement announcement, Instant at) {
        String id = announcement.checkpoint().id();
        newest = id;
        announced++;
        // Topics are read one beside another: the verdict may be here already.
        Known known = byId.get(id);
        keep(new Known(
                id,
                announcement.checkpoint().step(),
                at,
                new Lineage(announcement.parent(), announcement.offsets()),
                announcement.examples(),
                known == null ? null : known.verdict,
                known == null ? Map.of() : known.scores,
                known == null ? List.of() : known.evidence));
    }

    void scored(String id, List<ProbeScore> scores) {
        Known known = byId.get(id);
        if (known != null) {
            byId.put(
                    id,
                    new Known(
                            id,
                            known.step,
                            known.at,
                            known.lineage,
                            known.examples,
                            known.verdict,
                            accuracies(scores),
                            known.evidence));
        }
    }

    void judged(ModelUpdate update, Instant at) {
        String id = update.model().checkpoint().id();
        Known known = byId.get(id);
        keep(new Known(
                id,
                update.model().checkpoint().step(),
                known == null ? at : known.at,
                known == null ? update.lineage() : known.lineage,
                known == null ? 0 : known.examples,
                update,
                update.scores().isEmpty() && known != null ? known.scores : accuracies(update.scores()),
                evidence(update)));
        switch (update.verdict()) {
            case PROMOTED, ROLLED_BACK -> {
                champion = id;
                promoted++;
            }
            case REJECTED -> {
                // The champion stays.
            }
        }
    }

    /** The update that made the current model current. */
    @Nullable
    ModelUpdate champion() {
        Known known = champion == null ? null : byId.get(champion);
        return known == null ? null : known.verdict;
    }

    PageState.@Nullable Checkpoint shownChampion() {
        return shown(champion, Set.of());
    }

    PageState.@Nullable Checkpoint shownNewest() {
        return shown(newest, Set.of());
    }

    private PageState.@Nullable Checkpoint shown(@Nullable String id, Set<String> undone) {
        Known known = id == null ? null : byId.get(id);
        return known == null ? null : shown(known, undone);
    }

    /** The newest, newest first. */
    List<PageState.Checkpoint> shown(int most) {
        List<Known> all = new ArrayList<>(byId.values());
        all.sort(Comparator.comparing(Known::at).thenComparing(Known::step).reversed());
        Set<String> undone = undone();
        return all.stream().limit(most).map(known -> shown(known, undone)).toList();
    }

    /** The verdicts on checkpoints that were not undone, by step. */
    List<PageState.Mark> marks() {
        Set<String> undone = undone();
        List<PageState.Mark> marks = new ArrayList<>();
        byId.values().forEach(known -> {
            if (known.verdict != null && !undone.contains(known.id)) {
                marks.add(new PageState.Mark(known.step, known.verdict.verdict() != Verdict.REJECTED));
            }
        });
        marks.sort(Comparator.comparingLong(PageState.Mark::step));
        return marks;
    }

    long announcedInAll() {
        return announced;
    }

    long promotedInAll() {
        return promoted;
    }

    /** Examples trained along the present line, as far back as it is kept. */
    long examples() {
        return line(newest).stream().mapToLong(known -> known.examples).sum();
    }

    /** The ancestors of the current model, itself first. */
    List<PageState.Ancestor> lineage(int most) {
        return line(champion).stream().limit(most).map(CheckpointFold::ancestor).toList();
    }

    /** Whether the newest {@code most} ancestors reach back to a checkpoint without a parent. */
    boolean lineageIsWhole(int most) {
        List<Known> line = line(champion);
        return !line.isEmpty()
                && line.size() <= most
                && line.get(line.size() - 1).lineage.parent() == null;
    }

    private static PageState.Ancestor ancestor(Known known) {
        return new PageState.Ancestor(
                known.id,
                known.step,
                known.lineage.offsets().partition(),
                known.lineage.offsets().first(),
                known.lineage.offsets().next(),
                known.examples,
                known.verdict == null ? null : known.verdict.verdict().wireName());
    }

    private List<Known> line(@Nullable String from) {
        Map<String, Known> line = new LinkedHashMap<>();
        Known known = from == null ? null : byId.get(from);
        while (known != null && line.putIfAbsent(known.id, known) == null) {
            String parent = known.lineage.parent();
            known = parent == null ? null : byId.get(parent);
        }
        return new ArrayList<>(line.values());
    }

    /** Those that training went back behind: younger than an ancestor of the newest, but no ancestor themselves. */
    private Set<String> undone() {
        List<Known> line = line(newest);
        Set<String> onLine = new LinkedHashSet<>();
        line.forEach(known -> onLine.add(known.id));
        Set<String> undone = new LinkedHashSet<>();
        if (!line.isEmpty()) {
            long oldest = line.get(line.size() - 1).step;
            byId.values().stream()
                    .filter(known -> known.step >= oldest && !onLine.contains(known.id))
                    .forEach(known -> undone.add(known.id));
        }
        return undone;
    }

    private void keep(Known known) {
        byId.put(known.id, known);
        if (byId.size() > MAX_KEPT) {
            byId.values().stream()
                    .filter(old -> !old.id.equals(champion) && !old.id.equals(newest))
                    .min(Comparator.comparing(Known::at))
                    .ifPresent(old -> byId.remove(old.id));
        }
    }

    private static PageState.Checkpoint shown(Known known, Set<String> undone) {
        ModelUpdate verdict = known.verdict;
        return new PageState.Checkpoint(
                known.id,
                known.step,
                known.at,
                undone.contains(known.id),
                verdict == null ? null : verdict.verdict().wireName(),
                verdict == null || verdict.assessment() == null
                        ? null
                        : verdict.assessment().wireName(),
                verdict == null || verdict.request() == null
                        ? null
                        : verdict.request().by(),
                verdict == null
                        ? List.of()
                        : verdict.reasons().stream().limit(MAX_REASONS).toList(),
                known.scores,
                known.evidence);
    }

    private static Map<String, Double> accuracies(List<ProbeScore> scores) {
        Map<String, Double> accuracies = new LinkedHashMap<>();
        scores.forEach(score -> accuracies.put(score.probeSet().name(), score.accuracy()));
        return accuracies;
    }

    private static List<String> evidence(ModelUpdate update) {
        try {
            // Without the verdict and the reasons, which are shown anyway.
            List<String> lines = VerdictExplanation.of(update).lines();
            return lines.subList(Math.min(lines.size(), 1 + update.reasons().size()), lines.size());
        } catch (RuntimeException e) {
            return List.of("the numbers in this event do not fit together: " + e.getMessage());
        }
    }
}
