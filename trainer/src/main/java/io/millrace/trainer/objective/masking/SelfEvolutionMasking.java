package io.millrace.trainer.objective.masking;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.TextBatch;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.trainer.config.SelfEvolutionConfig;
import io.millrace.trainer.objective.Divergences;
import io.millrace.trainer.objective.StepContext;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Self-Evolution learning (Zhong et al., Findings of ACL 2023, arXiv 2305.15275), dynamic form. Self-questioning is one pass on the
 * unmasked text, without gradient and dropout: nll_t = -log p(x_t). Hard are the maskable tokens with nll_t above the threshold.
 * Masked are the hardest, at most {@code maskingRate} of an example's maskable tokens and at least one; if fewer are hard, the rest is
 * drawn at random among the others. The same pass gives the distributions r_t that smooth the targets.
 *
 * @param maskingRate share of the maskable tokens, in [0, 1)
 * @param config threshold, and share of r_t in the targets
 */
public record SelfEvolutionMasking(double maskingRate, SelfEvolutionConfig config) implements MaskingPolicy {

    /** Bounds the memory of the logits over the vocabulary. */
    private static final int TOKENS_PER_PASS = 512;

    @Override
    public Selection select(StepContext step, TextBatch batch, MaskedEncoding encoder, RandomGenerator random) {
        try (GradMode off = GradMode.off()) {
            int[] maskable = maskable(batch);
            MaskedEncoding.Encoded unmasked =
                    encoder.encode(step, step.withoutDropout(), MaskedBatch.unmasked(step, batch), maskable);
            boolean[] masked = hardest(batch, tokenNll(step.scope(), unmasked, batch, maskable), random);
            int[] chosen = IntStream.range(0, maskable.length)
                    .filter(i -> masked[maskable[i]])
                    .toArray();
            return new Selection(
                    masked, chosen.length == 0 ? Optional.empty() : Optional.of(smoothing(unmasked, chosen)));
        }
    }

    private static int[] maskable(TextBatch batch) {
        IntStream.Builder maskable = IntStream.builder();
        int n = 0;
        for (TokenizedText text : batch.texts()) {
            for (int i = 0; i < text.length(); i++, n++) {
                if (!text.special()[i]) {
                    maskable.add(n);
                }
            }
        }
        return maskable.build().toArray();
    }

    /**
     * nll_t of tokens, given the whole text.
     *
     * @param read indices of the tokens that {@code unmasked} reads
     * @return shape [n], 0 for the other tokens
     */
    static float[] tokenNll(NDManager step, MaskedEncoding.Encoded unmasked, TextBatch batch, int[] read) {
        int[] ids = batch.texts().stream()
                .flatMapToInt(text -> IntStream.of(text.ids()))
                .toArray();
        float[] tokenNll = new float[ids.length];
        NDList parts = new NDList();
        for (int first = 0; first < read.length; first += TOKENS_PER_PASS) {
            int[] at = IntStream.range(first, Math.min(read.length, first + TOKENS_PER_PASS))
                    .toArray();
            long[] here = IntStream.of(at).mapToLong(place -> ids[read[place]]).toArray();
            try (NDManager scope = step.newSubManager();
                    NDArray logits = unmasked.tokenLogits(at)) {
                logits.attach(scope);
                NDArray part = Divergences.tokenNll(logits, unmasked.pass().array(here));
                part.attach(step);
                parts.add(part);
            }
        }
        if (!parts.isEmpty()) {
            float[] values = NDArrays.concat(parts).toFloatArray();
            for (int i = 0; i < values.length; i++) {
                tokenNll[read[i]] = values[i];
            }
        }
        return tokenNll;
    }

    /**
     * Label smoothing of some of the tokens that {@code unmasked} reads.
     *
     * @param chosen which of those tokens, m of them
     */
    Smoothing smoothing(MaskedEncoding.Encoded unmasked, int[] chosen) {
        return new Smoothing(
                config.labelSmoothing(),
                unmasked.tokenLogits(chosen).softmax(-1).stopGradient());
    }

    private boolean[] hardest(TextBatch batch, float[] tokenNll, RandomGenerator random) {
        boolean[] masked = new boolean[tokenNll.length];
        int start = 0;
        for (TokenizedText text : batch.texts()) {
            int first = start;
            List<Integer> maskable = new ArrayList<>();
            IntStream.range(0, text.length()).filter(i -> !text.special()[i]).forEach(i -> maskable.add(first + i));
            for (int i : hardest(maskable, tokenNll, random)) {
                masked[i] = true;
            }
            start += text.length();
        }
        return masked;
    }

    /** The indices to mask, out of the maskable ones. */
    List<Integer> hardest(List<Integer> maskable, float[] tokenNll, RandomGenerator random) {
        if (maskable.isEmpty()) {
            return List.of();
        }
        int most = Math.max(1, (int) (maskingRate * maskable.size()));
        List<Integer> hard = new ArrayList<>();
        List<Integer> rest = new ArrayList<>();
        maskable.forEach(i -> (tokenNll[i] > config.threshold() ? hard : rest).add(i));
        hard.sort(Comparator.comparing((Integer i) -> -tokenNll[i]));
        while (hard.size() < most) {
            hard.add(rest.remove(random.nextInt(rest.size())));
        }
        return hard.subList(0, most);
    }
}
