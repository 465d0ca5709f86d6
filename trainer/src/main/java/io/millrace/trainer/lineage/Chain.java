package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The newest checkpoint and its ancestors. All other announcements were abandoned, because a trainer fell back to a checkpoint before
 * them.
 *
 * @param links the chain, oldest first
 * @param abandoned announcements that are not in it
 * @param faults its faults
 */
record Chain(List<CheckpointAnnouncement> links, List<CheckpointAnnouncement> abandoned, List<String> faults) {

    /** The chain of a task's announcements, in the order of the topic; at least one. */
    static Chain of(List<CheckpointAnnouncement> history) {
        List<String> faults = new ArrayList<>();
        Map<String, CheckpointAnnouncement> byId = new HashMap<>();
        for (CheckpointAnnouncement announcement : history) {
            if (byId.put(announcement.checkpoint().id(), announcement) != null) {
                faults.add(announcement.checkpoint().id() + " was announced twice");
            }
        }
        List<CheckpointAnnouncement> links = new ArrayList<>();
        // A set, because a history grows without bound: a hundred thousand lookups in a list would take minutes.
        Set<String> linked = new HashSet<>();
        CheckpointAnnouncement next = history.get(history.size() - 1);
        while (next != null && linked.add(next.checkpoint().id())) {
            links.add(next);
            String parent = next.parent();
            if (parent != null && !byId.containsKey(parent)) {
                faults.add(next.checkpoint().id() + " names the parent " + parent + ", which was never announced");
            }
            next = parent == null ? null : byId.get(parent);
        }
        if (next != null) {
            faults.add(next.checkpoint().id() + " is its own ancestor");
        }
        Collections.reverse(links);
        List<CheckpointAnnouncement> abandoned = history.stream()
                .filter(announcement ->
                        !linked.contains(announcement.checkpoint().id()))
                .toList();
        faults.addAll(tiling(links, "accepted-examples", CheckpointAnnouncement::offsets));
        faults.addAll(tiling(links, "texts", CheckpointAnnouncement::texts));
        return new Chain(List.copyOf(links), abandoned, List.copyOf(faults));
    }

    /**
     * Each range must begin where the one before it ended; a checkpoint that read nothing has none. When partitions were added, a task may
     * have moved to another one. There it must not begin before the end of what its ancestors covered. Only the records can show that it
     * left nothing behind.
     */
    private static List<String> tiling(
            List<CheckpointAnnouncement> links, String topic, Function<CheckpointAnnouncement, OffsetRange> rangeOf) {
        List<String> faults = new ArrayList<>();
        Map<Integer, OffsetRange> newest = new HashMap<>();
        int partition = -1;
        for (CheckpointAnnouncement link : links) {
            OffsetRange range = rangeOf.apply(link);
            if (range == null) {
                continue;
            }
            OffsetRange before = newest.put(range.partition(), range);
            boolean hasMoved = range.partition() != partition;
            if (before != null && (hasMoved ? range.first() < before.next() : range.first() != before.next())) {
                faults.add(link.checkpoint().id() + " covers " + shown(topic, range) + ": "
                        + (range.first() > before.next() ? "a gap after" : "an overlap with")
                        + " what its parent covers, " + shown(topic, before));
            }
            partition = range.partition();
        }
        return faults;
    }

    private static String shown(String topic, OffsetRange range) {
        return topic + " " + range.partition() + ":[" + range.first() + ", " + range.next() + ")";
    }
}
