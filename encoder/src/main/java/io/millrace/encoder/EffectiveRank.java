package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Effective rank of token representations, layer by layer (MAE-LM, arXiv 2302.02060): with the singular values s of the matrix of all
 * tokens' representations, in descending order, {@code min k: sum_{i<=k} s_i^2 / sum_i s_i^2 >= tau}. It is computed from the Gram matrix
 * in 64-bit, so memory does not grow with the number of tokens. Owns native memory.
 */
public final class EffectiveRank implements AutoCloseable {

    /** Share of the energy that the counted directions hold. */
    public static final double TAU = 0.9;

    private final NDManager owner;
    private final TorchScriptModule kernels;
    private final List<NDArray> sums = new ArrayList<>();
    private final List<NDArray> grams = new ArrayList<>();
    private long tokens;

    /**
     * The ranks of one state: of the embeddings or of a layer.
     *
     * @param plain of the representations
     * @param centred of the representations less their mean
     */
    public record Ranks(int plain, int centred) {}

    /** Ranks over no tokens yet. */
    public EffectiveRank(TextEncoder encoder) {
        owner = encoder.manager().newSubManager();
        kernels = TorchScriptModule.load(owner, "Spectrum", Map.of());
    }

    /** Adds the tokens of a batch; {@code states} are those of {@link ForwardPass#hiddenStates}. */
    public void add(List<NDArray> states) {
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            for (int layer = 0; layer < states.size(); layer++) {
                NDList moments = kernels.call(scope, "moments", states.get(layer));
                if (layer == sums.size()) {
                    sums.add(owned(moments.get(0)));
                    grams.add(owned(moments.get(1)));
                } else {
                    sums.get(layer).addi(moments.get(0));
                    grams.get(layer).addi(moments.get(1));
                }
            }
            tokens += states.get(0).getShape().get(0);
        }
    }

    private NDArray owned(NDArray moment) {
        NDArray copy = moment.duplicate();
        copy.attach(owner);
        return copy;
    }

    /** The ranks of the embeddings, then of every layer. */
    public List<Ranks> ranks() {
        List<Ranks> ranks = new ArrayList<>();
        try (GradMode off = GradMode.off();
                NDManager scope = owner.newSubManager()) {
            for (int layer = 0; layer < sums.size(); layer++) {
                double[] sum = sums.get(layer).toDoubleArray();
                double[] gram = grams.get(layer).toDoubleArray();
                double[] centred = gram.clone();
                for (int i = 0; i < centred.length; i++) {
                    centred[i] -= sum[i / sum.length] * sum[i % sum.length] / tokens;
                }
                ranks.add(new Ranks(rank(scope, gram, sum.length), rank(scope, centred, sum.length)));
            }
        }
        return ranks;
    }

    private int rank(NDManager scope, double[] gram, int width) {
        NDArray matrix = scope.create(gram).reshape(width, width);
        double[] energies = kernels.call(scope, "eigenvalues", matrix).get(0).toDoubleArray();
        double total = 0;
        for (double energy : energies) {
            total += Math.max(0, energy);
        }
        double held = 0;
        for (int k = 1; k <= width; k++) {
            held += Math.max(0, energies[width - k]);
            if (held >= TAU * total) {
                return k;
            }
        }
        return width;
    }

    @Override
    public void close() {
        owner.close();
    }
}
