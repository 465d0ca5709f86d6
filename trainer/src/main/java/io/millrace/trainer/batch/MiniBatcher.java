package io.millrace.trainer.batch;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a task's examples into mini-batches. Boundaries follow from the offsets alone: every {@code batchSize} examples, however
 * they were polled. Ranges tile the partition: each begins where the previous one ended.
 */
public final class MiniBatcher {

    private final int batchSize;
    private final int partition;
    private final Deque<WithOffset<LabelledExample>> pending = new ArrayDeque<>();
    private long nextOffset;

    /**
     * A batcher at the start of a stream or at the end of a checkpoint.
     *
     * @param nextOffset first offset that no mini-batch has covered yet
     */
    public MiniBatcher(int batchSize, int partition, long nextOffset) {
        this.batchSize = batchSize;
        this.partition = partition;
        this.nextOffset = nextOffset;
    }

    /** Takes the next example, of unknown age; offsets must grow. */
    public void add(long offset, LabelledExample example) {
        add(new WithOffset<>(offset, example));
    }

    /** Takes the next example; offsets must grow. */
    public void add(WithOffset<LabelledExample> next) {
        long offset = next.offset();
        long last = pending.isEmpty() ? nextOffset - 1 : pending.getLast().offset();
        if (offset <= last) {
            throw new IllegalStateException("partition " + partition + ": expected an offset above " + last + ", got "
                    + offset + ". The source must be positioned where the checkpoint left off.");
        }
        pending.add(next);
    }

    public boolean isFull() {
        return pending.size() >= batchSize;
    }

    /** Examples that wait for a mini-batch. */
    public int pending() {
        return pending.size();
    }

    public int partition() {
        return partition;
    }

    /** First offset that no mini-batch has covered yet. */
    public long nextOffset() {
        return nextOffset;
    }

    /**
     * Continues from a later offset, as when the records before it cannot be trained on. No example may be waiting.
     *
     * @param offset first offset that is not skipped
     */
    public void passOver(long offset) {
        if (!pending.isEmpty()) {
            throw new IllegalStateException("partition " + partition + ": " + pending.size()
                    + " examples wait for a mini-batch, they cannot be passed over");
        }
        nextOffset = Math.max(nextOffset, offset);
    }

    /**
     * The next mini-batch: a full one if there are enough examples, else a short one of all that are waiting.
     *
     * @param texts the unlabelled texts that join it
     */
    public MiniBatch take(TextBatcher.Taken texts) {
        boolean isShort = !isFull();
        if (pending.isEmpty()) {
            throw new IllegalStateException("partition " + partition + ": no example waits for a mini-batch");
        }
        List<WithOffset<LabelledExample>> entries = new ArrayList<>(batchSize);
        long last = nextOffset;
        while (entries.size() < batchSize && !pending.isEmpty()) {
            entries.add(pending.remove());
            last = entries.get(entries.size() - 1).offset();
        }
        OffsetRange offsets = new OffsetRange(partition, nextOffset, last + 1);
        nextOffset = offsets.next();
        return new MiniBatch(entries, offsets, isShort, texts);
    }
}
