package io.millrace.trainer.batch;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.UnlabelledText;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Hands out a task's unlabelled texts to its mini-batches, in the order of their offsets. The ranges that it hands out tile the
 * partition, as those of {@link MiniBatcher} do.
 */
public final class TextBatcher {

    private static final int MINI_BATCHES_AHEAD = 8;

    private final int wanted;
    private final int partition;
    private final Deque<WithOffset<UnlabelledText>> pending = new ArrayDeque<>();
    private long nextOffset;
    private long readOffset;
    private boolean atEnd;

    /**
     * Texts for one mini-batch.
     *
     * @param entries the texts
     * @param offsets the range that they cover; empty if there are none
     */
    public record Taken(List<WithOffset<UnlabelledText>> entries, Optional<OffsetRange> offsets) {

        public static final Taken NOTHING = new Taken(List.of(), Optional.empty());

        public List<UnlabelledText> texts() {
            return WithOffset.values(entries);
        }
    }

    /**
     * A batcher at the start of a partition or at the end of a checkpoint.
     *
     * @param wanted texts per mini-batch; 0 if the task reads none
     * @param nextOffset first offset that no mini-batch has covered yet
     */
    public TextBatcher(int wanted, int partition, long nextOffset) {
        this.wanted = wanted;
        this.partition = partition;
        this.nextOffset = nextOffset;
        this.readOffset = nextOffset;
    }

    /** Whether the task reads unlabelled text at all. */
    public boolean isReading() {
        return wanted > 0;
    }

    /** Takes the next text; offsets must grow. */
    public void add(long offset, UnlabelledText text) {
        pending.add(new WithOffset<>(offset, text));
    }

    /** Sets whether nothing is left to read for now. */
    public void atEnd(boolean nothingLeft) {
        atEnd = nothingLeft;
    }

    /**
     * Whether a mini-batch can be cut: there are enough texts, or no more to read. A mini-batch waits for texts that are there but not
     * read yet, so that its content does not depend on which of the two topics was read faster.
     */
    public boolean isReady() {
        return pending.size() >= wanted || atEnd;
    }

    /** Whether so many are waiting that no more should be read. */
    public boolean isFilled() {
        return pending.size() >= MINI_BATCHES_AHEAD * wanted;
    }

    /** Continues from a later offset, unless a text before it is waiting. */
    public void passOver(long offset) {
        if (pending.isEmpty()) {
            nextOffset = Math.max(nextOffset, offset);
        }
    }

    public int pending() {
        return pending.size();
    }

    /** First offset that no mini-batch has covered yet. */
    public long nextOffset() {
        return nextOffset;
    }

    /** First offset not read yet. */
    public long readOffset() {
        return readOffset;
    }

    /** Notes that the record at an offset was read, whatever it held. */
    public void read(long offset) {
        readOffset = offset + 1;
    }

    public int partition() {
        return partition;
    }

    /** The texts of the next mini-batch: as many as wanted, or all that are waiting. */
    public Taken take() {
        if (pending.isEmpty() || wanted == 0) {
            return Taken.NOTHING;
        }
        List<WithOffset<UnlabelledText>> entries = new ArrayList<>(wanted);
        long first = nextOffset;
        while (entries.size() < wanted && !pending.isEmpty()) {
            entries.add(pending.remove());
            nextOffset = entries.get(entries.size() - 1).offset() + 1;
        }
        return new Taken(entries, Optional.of(new OffsetRange(partition, first, nextOffset)));
    }
}
