package io.millrace.trainer.checkpoint;

import io.millrace.trainer.config.CheckpointConfig;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which announced checkpoints of a task stay in the store:
 *
 * <ol>
 *   <li>the newest {@code checkpoints.keep} among the newest checkpoint and its ancestors: a restart falls back on them;
 *   <li>those that wait for a verdict, up to {@code checkpoints.keepUnjudged}. Once there are more, every second of them is deleted, but
 *       never the oldest, which the evaluator takes next, nor the newest. If no evaluator has ever judged anything, the oldest are
 *       deleted.
 * </ol>
 *
 * <p>The others are deleted. It deletes only checkpoints that it was told of: an unknown one may be another trainer's.
 */
public final class CheckpointRetention {

    private final CheckpointStore store;
    private final CheckpointConfig config;
    private final Verdicts verdicts;
    /** Those in the store, in the order of their announcement. */
    private final List<LocatedAnnouncement> stored = new ArrayList<>();
    /** Ids of the newest checkpoint and of its ancestors, oldest first. */
    private final List<String> line = new ArrayList<>();

    /** How far checkpoints have been judged. */
    @FunctionalInterface
    public interface Verdicts {

        /**
         * By partition of {@code checkpoints}, the first offset that has no verdict yet; empty if nothing was ever judged, or that is
         * unknown.
         */
        Map<Integer, Long> nextOffsets();
    }

    /**
     * The retention of a task.
     *
     * @param history the announcements so far, oldest first
     */
    public CheckpointRetention(
            CheckpointStore store, CheckpointConfig config, List<LocatedAnnouncement> history, Verdicts verdicts) {
        this.store = store;
        this.config = config;
        this.verdicts = verdicts;
        history.forEach(this::announced);
        stored.removeIf(one -> !store.holds(one.id()));
        line.removeIf(id -> !store.holds(id));
    }

    /** Adds a new checkpoint. */
    public void announced(LocatedAnnouncement newest) {
        stored.add(newest);
        // After a rollback the parent is an earlier one: those in between are not ancestors.
        int parent = line.lastIndexOf(newest.announcement().parent());
        line.subList(parent + 1, line.size()).clear();
        line.add(newest.id());
    }

    /** Deletes all others. Returns how many checkpoints in the store wait for a verdict. */
    public int apply() {
        Map<Integer, Long> judged = verdicts.nextOffsets();
        Set<String> needed = new HashSet<>(line.subList(Math.max(0, line.size() - config.keep()), line.size()));
        List<LocatedAnnouncement> waiting = stored.stream()
                .filter(one -> one.offset() >= judged.getOrDefault(one.partition(), 0L))
                .toList();
        Set<String> kept = waiting.stream().map(LocatedAnnouncement::id).collect(Collectors.toSet());
        kept.removeAll(surplus(waiting, judged.isEmpty()));
        Set<String> doomed = stored.stream()
                .map(LocatedAnnouncement::id)
                .filter(id -> !needed.contains(id) && !kept.contains(id))
                .collect(Collectors.toSet());
        store.delete(doomed);
        stored.removeIf(one -> doomed.contains(one.id()));
        line.removeAll(doomed);
        return (int) waiting.stream().filter(one -> !doomed.contains(one.id())).count();
    }

    private List<String> surplus(List<LocatedAnnouncement> waiting, boolean nobodyJudges) {
        int tooMany = waiting.size() - config.keepUnjudged();
        if (tooMany <= 0) {
            return List.of();
        }
        return IntStream.range(0, waiting.size())
                .filter(i -> nobodyJudges ? i < tooMany : i % 2 == 1 && i < waiting.size() - 1)
                .mapToObj(i -> waiting.get(i).id())
                .toList();
    }
}
