package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.ForwardPass;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.objective.StepContext;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A batch with some of its tokens masked. With n tokens, m of them masked:
 *
 * @param batch the batch with its replaced tokens
 * @param kept one flag per token, false where it is masked
 * @param masked indices of the masked tokens in the packed batch
 * @param originals their original ids, shape [m], int64
 */
public record MaskedBatch(TextBatch batch, boolean[] kept, int[] masked, NDArray originals) {

    /**
     * Replaces the masked tokens of a batch.
     *
     * @param masked one flag per token; all may be false
     */
    static MaskedBatch of(
            StepContext step, TextBatch batch, boolean[] masked, TokenCorruption corruption, RandomGenerator random) {
        int maskId = step.maskId();
        boolean[] kept = new boolean[masked.length];
        LongStream.Builder originals = LongStream.builder();
        List<TokenizedText> texts = new ArrayList<>();
        int n = 0;
        for (TokenizedText text : batch.texts()) {
            int[] ids = text.ids().clone();
            for (int i = 0; i < ids.length; i++, n++) {
                kept[n] = !masked[n];
                if (masked[n]) {
                    originals.add(ids[i]);
                    ids[i] = corruption.replace(ids[i], maskId, random);
                }
            }
            texts.add(text.withIds(ids));
        }
        NDManager scope = step.scope();
        return new MaskedBatch(
                batch.withTexts(scope, texts),
                kept,
                indices(masked),
                step.pass().array(originals.build().toArray()));
    }

    /** A batch with nothing masked. */
    static MaskedBatch unmasked(StepContext step, TextBatch batch) {
        boolean[] kept = new boolean[batch.tokens()];
        Arrays.fill(kept, true);
        return new MaskedBatch(batch, kept, new int[0], step.pass().array());
    }

    /** Indices of the flags that are set. */
    static int[] indices(boolean[] flags) {
        return IntStream.range(0, flags.length).filter(i -> flags[i]).toArray();
    }

    /** Indices of the masked tokens, shape [m], int64. */
    public NDArray maskedIndices(ForwardPass pass) {
        return pass.array(IntStream.of(masked).asLongStream().toArray());
    }

    /** Indices of the others, shape [n - m], int64. */
    NDArray keptIndices(ForwardPass pass) {
        return pass.array(IntStream.of(indices(kept)).asLongStream().toArray());
    }

    public boolean isEmpty() {
        return masked.length == 0;
    }
}
