package io.millrace.trainer.lineage;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;

import java.util.ArrayList;
import java.util.List;

/** Cuts what is undone into pieces, between mini-batches. The pieces tile it, in both topics. */
final class UndonePieces {

    private UndonePieces() {}

    /**
     * The pieces, at least one.
     *
     * @param mostExamples most examples of a piece, unless it is a single mini-batch
     */
    static List<UncheckpointedTraining.Stretch> of(UncheckpointedTraining.Stretch stretch, int mostExamples) {
        List<UncheckpointedTraining.Stretch> pieces = new ArrayList<>();
        List<MiniBatchRange> piece = new ArrayList<>();
        UncheckpointedTraining.Stretch rest = stretch;
        int examples = 0;
        for (MiniBatchRange range : stretch.miniBatches()) {
            if (!piece.isEmpty() && examples + range.examples() > mostExamples) {
                pieces.add(upTo(range.first(), rest, piece));
                rest = behind(pieces.get(pieces.size() - 1), stretch);
                piece.clear();
                examples = 0;
            }
            piece.add(range);
            examples += range.examples();
        }
        pieces.add(new UncheckpointedTraining.Stretch(rest.offsets(), rest.texts(), rest.gap(), piece));
        return pieces;
    }

    private static UncheckpointedTraining.Stretch upTo(
            long next, UncheckpointedTraining.Stretch rest, List<MiniBatchRange> piece) {
        OffsetRange offsets =
                new OffsetRange(rest.offsets().partition(), rest.offsets().first(), next);
        OffsetRange texts = rest.texts();
        if (texts != null) {
            long textsNext = texts.first();
            for (MiniBatchRange range : piece) {
                textsNext = range.texts() == null ? textsNext : range.texts().next();
            }
            texts = new OffsetRange(texts.partition(), texts.first(), textsNext);
        }
        return new UncheckpointedTraining.Stretch(offsets, texts, rest.gap(), piece);
    }

    private static UncheckpointedTraining.Stretch behind(
            UncheckpointedTraining.Stretch piece, UncheckpointedTraining.Stretch whole) {
        OffsetRange texts = whole.texts() == null
                ? null
                : new OffsetRange(
                        whole.texts().partition(),
                        piece.texts().next(),
                        whole.texts().next());
        return new UncheckpointedTraining.Stretch(
                new OffsetRange(
                        whole.offsets().partition(),
                        piece.offsets().next(),
                        whole.offsets().next()),
                texts,
                null,
                List.of());
    }
}
