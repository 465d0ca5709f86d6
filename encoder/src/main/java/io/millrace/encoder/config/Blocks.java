package io.millrace.encoder.config;

import java.util.List;

/**
 * What the layers and heads of an encoder compute. The kernels read this description and never the name of a family.
 *
 * @param normFirst whether attention and feed-forward read normed values and a last norm follows all layers; otherwise a norm
 *     follows each of them
 * @param gated whether the activated half of the feed-forward's inner values is multiplied by the other half (Shazeer 2020, arXiv
 *     2002.05202)
 * @param attention of each layer
 * @param biases which parts have a bias
 * @param meanPooling whether the classification head reads the mean over all tokens instead of the first
 * @param activations by the names that the kernels know
 */
public record Blocks(
        boolean normFirst,
        boolean gated,
        List<Attention> attention,
        Biases biases,
        boolean meanPooling,
        Activations activations) {

    /** As {@link Attention#reach}: every token sees every other. */
    public static final int WHOLE_TEXT = -1;

    /** As {@link Attention#theta}: queries and keys are not turned. */
    public static final double NOT_TURNED = 0;

    public Blocks {
        attention = List.copyOf(attention);
        boolean alike = attention.stream().distinct().count() <= 1;
        boolean near = attention.stream().anyMatch(layer -> layer.reach() != WHOLE_TEXT || layer.theta() != NOT_TURNED);
        boolean far = attention.stream().anyMatch(layer -> layer.distances() > 0);
        if (normFirst ? far : near || !alike) {
            throw new IllegalArgumentException(
                    "the kernels know windows and rotary positions where the norm comes first, and"
                            + " embedded distances where it comes last, got " + attention);
        }
    }

    /** Whether the kernels compute the last layer for those tokens alone that somebody reads. */
    public boolean readsSome() {
        return !normFirst && attention.get(0).distances() == 0;
    }

    /**
     * The attention of a layer.
     *
     * @param reach how far a token sees to either side, in tokens; {@link #WHOLE_TEXT} for all
     * @param theta base of the rotary positions (Su et al. 2021, arXiv 2104.09864); {@link #NOT_TURNED} for none
     * @param distances embedded distances to either side (disentangled attention, He et al. 2021, arXiv 2006.03654); 0 for none
     * @param farthest distance that has an embedding of its own, beyond which all are the same; if it is more than {@code distances}, those
     *     farther than half of them share embeddings, in steps of equal ratio
     */
    public record Attention(int reach, double theta, int distances, int farthest) {

        static final Attention PLAIN = new Attention(WHOLE_TEXT, NOT_TURNED);

        Attention(int reach, double theta) {
            this(reach, theta, 0, 0);
        }
    }

    /**
     * Which parts have a bias.
     *
     * @param attention its matrices
     * @param feedForward its matrices
     * @param norms all norms
     * @param heads the dense layer of the heads
     * @param decoder the masked-token head's decoder
     */
    public record Biases(boolean attention, boolean feedForward, boolean norms, boolean heads, boolean decoder) {

        static final Biases ALL = new Biases(true, true, true, true, true);
    }

    /**
     * Activations.
     *
     * @param layers in the feed-forward
     * @param head in the classification head
     * @param tokenHead in the masked-token head
     */
    public record Activations(String layers, String head, String tokenHead) {}
}
