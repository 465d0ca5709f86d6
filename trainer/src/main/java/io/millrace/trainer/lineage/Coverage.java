package io.millrace.trainer.lineage;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.OffsetRange;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares the chain with one partition: each accepted example of the task in it is in exactly one range, was trained or rejected
 * there, and has an id that no other has.
 */
final class Coverage {

    private final NavigableMap<Long, String> idByOffset = new TreeMap<>();
    private final NavigableSet<Long> rejected = new TreeSet<>();
    private final List<String> faults = new ArrayList<>();
    private long beginning;
    private long covered;

    /**
     * Adds a record of {@code accepted-examples}.
     *
     * @param id the example's id; null if it has none
     */
    void accepted(long offset, @Nullable String id) {
        idByOffset.put(offset, id);
    }

    /** Adds a record of {@code rejected-examples} that the trainer rejected; twice, if a checkpoint in between was abandoned. */
    void rejected(long offset) {
        rejected.add(offset);
    }

    /** Sets the first offset that the topic still holds: retention may have removed older records. */
    void beginsAt(long offset) {
        beginning = offset;
    }

    /** Whether the partition holds any example of the task. */
    boolean isEmpty() {
        return idByOffset.isEmpty();
    }

    /**
     * Checks a partition that the task has left: no example was left after the links, unless it was given up.
     *
     * @param givenUp gaps that the lineage records in this partition
     */
    void checkLeft(List<CheckpointAnnouncement> links, List<OffsetRange> givenUp) {
        check(links);
        OffsetRange last = links.get(links.size() - 1).offsets();
        List<Long> left = idByOffset.tailMap(last.next()).keySet().stream()
                .filter(offset -> givenUp.stream().noneMatch(gap -> gap.first() <= offset && offset < gap.next()))
                .toList();
        if (!left.isEmpty()) {
            faults.add(left.size() + " accepted examples were left behind in partition " + last.partition()
                    + " when the task moved to another, the first at offset " + left.get(0));
        }
    }

    /** Checks the links that cover this partition against its records; there is at least one. */
    void check(List<CheckpointAnnouncement> links) {
        for (CheckpointAnnouncement link : links) {
            if (link.offsets().first() >= beginning) {
                check(link);
            }
        }
        long first = Math.max(beginning, links.get(0).offsets().first());
        long next = links.get(links.size() - 1).offsets().next();
        if (!idByOffset.headMap(first).isEmpty()) {
            faults.add(idByOffset.headMap(first).size() + " accepted examples are before offset " + first
                    + ", where the first checkpoint begins");
        }
        covered = idByOffset.subMap(first, next).size();
        Map<String, Long> offsetById = new HashMap<>();
        idByOffset.subMap(first, next).forEach((offset, id) -> {
            Long before = id == null ? null : offsetById.put(id, offset);
            if (before != null) {
                faults.add("example " + id + " was trained twice: it was accepted at offsets " + before + " and "
                        + offset);
            }
        });
    }

    private void check(CheckpointAnnouncement link) {
        OffsetRange range = link.offsets();
        long records = idByOffset.subMap(range.first(), range.next()).size();
        long rejectedHere = rejected.subSet(range.first(), range.next()).size();
        if (records != link.examples() + rejectedHere) {
            faults.add(link.checkpoint().id() + ": its range [" + range.first() + ", " + range.next() + ") holds "
                    + records + " accepted examples, but " + link.examples() + " were trained and " + rejectedHere
                    + " rejected");
        }
    }

    /** First offset that the topic still holds. */
    long beginning() {
        return beginning;
    }

    /** Number of accepted examples that the chain covers and the topic still holds. */
    long covered() {
        return covered;
    }

    /** Number of accepted examples after the newest checkpoint, which are not trained yet. */
    long waiting(long next) {
        return idByOffset.tailMap(next).size();
    }

    List<String> faults() {
        return faults;
    }
}
