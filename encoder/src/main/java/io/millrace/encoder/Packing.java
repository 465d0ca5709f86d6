package io.millrace.encoder;

import ai.djl.Device;
import io.millrace.encoder.tokens.TokenizedText;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Divides texts into passes of about equal work. Texts of like length share a pass: attention is the one place where
 * padding costs. A pass holds as many texts as fit into a number of tokens, each counted as long as the longest of the
 * pass, and at least one.
 */
final class Packing {

    /** On the CPU. In bf16 on 2 cores, a quarter of this is a quarter slower, and up to four times this as fast. */
    static final int TOKENS_PER_PASS = 2048;

    /** On a GPU, which needs more work at a time. */
    static final int TOKENS_PER_PASS_ON_GPU = 16_384;

    private Packing() {}

    static int tokensPerPass(Device device) {
        return device.isGpu() ? TOKENS_PER_PASS_ON_GPU : TOKENS_PER_PASS;
    }

    /**
     * The passes, from the shortest texts to the longest. Equal lengths keep their order.
     *
     * @param tokens most tokens of a pass
     * @return the indices of each pass's texts
     */
    static List<List<Integer>> of(List<TokenizedText> texts, int tokens) {
        List<List<Integer>> passes = new ArrayList<>();
        List<Integer> pass = new ArrayList<>();
        List<Integer> byLength = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
                .toList();
        for (int i : byLength) {
            long padded = (pass.size() + 1L) * texts.get(i).length();
            if (padded > tokens && !pass.isEmpty()) {
                passes.add(List.copyOf(pass));
                pass.clear();
            }
            pass.add(i);
        }
        if (!pass.isEmpty()) {
            passes.add(pass);
        }
        return passes;
    }
}
