package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The offsets that one checkpoint covers, or would have covered, and that a rollback undoes.
 *
 * @param offsets offsets of {@code accepted-examples}
 * @param texts offsets of {@code texts}; null if the task reads none
 * @param gap offsets that retention had removed; null if none
 * @param miniBatches its mini-batches, in the order of their offsets
 */
public record RolledBackRange(
        OffsetRange offsets, @Nullable OffsetRange texts, @Nullable OffsetRange gap, List<MiniBatchRange> miniBatches) {

    public RolledBackRange {
        miniBatches = List.copyOf(miniBatches);
    }

    /** Whether there is nothing in it to account for. */
    boolean isEmpty() {
        return offsets.first() == offsets.next()
                && (texts == null || texts.first() == texts.next())
                && gap == null
                && miniBatches.isEmpty();
    }

    /**
     * Splits it between mini-batches. The pieces tile it in both topics; there is at least one.
     *
     * @param maxExamples most examples of a piece, unless it is a single mini-batch
     */
    List<RolledBackRange> split(int maxExamples) {
        List<RolledBackRange> pieces = new ArrayList<>();
        List<MiniBatchRange> piece = new ArrayList<>();
        RolledBackRange rest = this;
        int examples = 0;
        for (MiniBatchRange range : miniBatches) {
            if (!piece.isEmpty() && examples + range.examples() > maxExamples) {
                RolledBackRange full = rest.upTo(range.first(), piece);
                pieces.add(full);
                rest = rest.after(full);
                piece.clear();
                examples = 0;
            }
            piece.add(range);
            examples += range.examples();
        }
        pieces.add(new RolledBackRange(rest.offsets, rest.texts, rest.gap, piece));
        return pieces;
    }

    private RolledBackRange upTo(long next, List<MiniBatchRange> piece) {
        OffsetRange pieceTexts = texts;
        if (texts != null) {
            long textsNext = texts.first();
            for (MiniBatchRange range : piece) {
                textsNext = range.texts() == null ? textsNext : range.texts().next();
            }
            pieceTexts = new OffsetRange(texts.partition(), texts.first(), textsNext);
        }
        return new RolledBackRange(new OffsetRange(offsets.partition(), offsets.first(), next), pieceTexts, gap, piece);
    }

    private RolledBackRange after(RolledBackRange piece) {
        OffsetRange restTexts = texts == null || piece.texts == null
                ? null
                : new OffsetRange(texts.partition(), piece.texts.next(), texts.next());
        return new RolledBackRange(
                new OffsetRange(offsets.partition(), piece.offsets.next(), offsets.next()), restTexts, null, List.of());
    }
}
