package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.TokenizedText;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * A batch with some of its tokens masked. With m masked tokens:
 *
 * @param batch the batch with its replaced tokens
 * @param at indices of the masked tokens in the packed batch, shape [m], int64
 * @param originals the ids that stood there, shape [m], int64
 */
record MaskedBatch(TextBatch batch, NDArray at, NDArray originals) {

    /** Masks what {@code policy} selects. The result may hold no masked token if no example has a maskable one. */
    static MaskedBatch of(StepContext step, MaskingPolicy policy, TokenCorruption corruption) {
        int maskId = step.examples()
                .maskId()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "masked-token prediction needs a [MASK] or <mask> token, but the tokenizer has none. Use method plain or smart."));
        RandomGenerator random = step.random().generator(StepRandom.Purpose.MASKING);
        List<TokenizedText> texts = new ArrayList<>();
        LongStream.Builder at = LongStream.builder();
        LongStream.Builder originals = LongStream.builder();
        long start = 0;
        for (TokenizedText text : step.batch().texts()) {
            boolean[] selected = policy.select(text, random);
            int[] ids = text.ids().clone();
            for (int i = 0; i < ids.length; i++) {
                if (selected[i]) {
                    at.add(start + i);
                    originals.add(ids[i]);
                    ids[i] = corruption.replace(ids[i], maskId, random);
                }
            }
            texts.add(text.withIds(ids));
            start += ids.length;
        }
        NDManager scope = step.scope();
        return new MaskedBatch(
                step.batch().withTexts(scope, texts),
                scope.create(at.build().toArray()),
                scope.create(originals.build().toArray()));
    }

    boolean isEmpty() {
        return at.isEmpty();
    }

    /** The batch with other tokens at the masked positions, by the number of the position. */
    TextBatch filled(NDManager scope, IntUnaryOperator idAt) {
        long[] positions = at.toLongArray();
        List<TokenizedText> texts = new ArrayList<>();
        int start = 0;
        int next = 0;
        for (TokenizedText text : batch.texts()) {
            int[] ids = text.ids().clone();
            while (next < positions.length && positions[next] < start + ids.length) {
                ids[(int) positions[next] - start] = idAt.applyAsInt(next);
                next++;
            }
            texts.add(text.withIds(ids));
            start += ids.length;
        }
        return batch.withTexts(scope, texts);
    }
}
