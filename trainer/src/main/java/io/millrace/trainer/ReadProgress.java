package io.millrace.trainer;

import java.time.Duration;

/** How far a task's partition has been read, and since when no record of the task has arrived. */
final class ReadProgress {

    private final long firstRead;
    private long readOffset;
    private long position;
    private long coveredOffset;
    private Duration silentSince;
    private Duration movedAt;

    /** Progress of a partition that is read from an offset on. */
    ReadProgress(long firstRead, Duration now) {
        this.firstRead = firstRead;
        readOffset = firstRead;
        position = firstRead;
        coveredOffset = firstRead;
        silentSince = now;
        movedAt = now;
    }

    /** Where reading began. */
    long firstRead() {
        return firstRead;
    }

    /** Offset after the task's last record. */
    long readOffset() {
        return readOffset;
    }

    /** First unread offset of the partition, whichever task its record belongs to. */
    long position() {
        return position;
    }

    /** First offset before which no record of the task is left to train. */
    long coveredOffset() {
        return coveredOffset;
    }

    /** Notes a record of the task. */
    void read(long offset, Duration now) {
        readOffset = offset + 1;
        silentSince = now;
    }

    /** Notes that the task was trained: nothing could arrive meanwhile. */
    void busy(Duration now) {
        silentSince = now;
    }

    void readTo(long offset, Duration now) {
        if (offset > position) {
            position = offset;
            movedAt = now;
        }
    }

    void coverTo(long offset) {
        coveredOffset = Math.max(coveredOffset, offset);
    }

    /**
     * For how long no record of the task has arrived.
     *
     * @param nothingUnread whether the partition has been read to its end; if not, only the time until the last progress counts
     */
    Duration silence(boolean nothingUnread, Duration now) {
        return (nothingUnread ? now : movedAt).minus(silentSince);
    }
}
