package io.millrace.app.produce;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The offsets of the records of one producer. They form few runs, because one producer of one key writes to one partition in order,
 * and only other producers come in between: memory grows with the runs, not with the records.
 */
public final class SentOffsets {

    private final Map<Integer, List<Run>> runsByPartition = new HashMap<>();
    private long count;

    /** Offsets of records one after the other. */
    private record Run(long first, long next) {}

    /** Takes one more record; those of a partition come in the order of their offsets. */
    synchronized void add(int partition, long offset) {
        List<Run> runs = runsByPartition.computeIfAbsent(partition, any -> new ArrayList<>());
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last != null && last.next == offset) {
            runs.set(runs.size() - 1, new Run(last.first, offset + 1));
        } else {
            runs.add(new Run(offset, offset + 1));
        }
        count++;
    }

    /** How many records there are. */
    synchronized long count() {
        return count;
    }

    /** Whether a record of this producer is there. */
    synchronized boolean contains(int partition, long offset) {
        List<Run> runs = runsByPartition.getOrDefault(partition, List.of());
        int place = Collections.binarySearch(
                runs, new Run(offset, offset), (left, right) -> Long.compare(left.first, right.first));
        int index = place >= 0 ? place : -place - 2;
        return index >= 0 && offset < runs.get(index).next;
    }

    /** By partition the offset after the last record. */
    synchronized Map<Integer, Long> ends() {
        Map<Integer, Long> ends = new HashMap<>();
        runsByPartition.forEach((partition, runs) -> ends.put(partition, runs.get(runs.size() - 1).next));
        return ends;
    }
}
