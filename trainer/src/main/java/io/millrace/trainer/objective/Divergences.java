package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import java.util.Optional;

/** Losses on logits. Logits are [b, c]; results are scalars, in nats, means over b. */
public final class Divergences {

    private static final int CLASSES = -1;

    private Divergences() {}

    /**
     * Mean symmetric Kullback-Leibler divergence of P = softmax(p) and Q = softmax(q):
     * KL(P||Q) + KL(Q||P) = sum_c (P_c - Q_c)(log P_c - log Q_c). Its gradient goes through both arguments.
     */
    static NDArray symmetricKl(NDArray p, NDArray q) {
        NDArray logP = p.logSoftmax(CLASSES);
        NDArray logQ = q.logSoftmax(CLASSES);
        return logP.exp()
                .sub(logQ.exp())
                .mul(logP.sub(logQ))
                .sum(new int[] {CLASSES})
                .mean();
    }

    /** Mean squared difference (1/b) sum_i (p_i - q_i)^2 of scores [b, 1]. Its gradient goes through both arguments. */
    static NDArray squaredDistance(NDArray p, NDArray q) {
        return p.sub(q).square().mean();
    }

    /**
     * Mean squared error: (1/b) sum_i w_i (score_i - y_i)^2.
     *
     * @param scores shape [b, 1]
     * @param targets y, shape [b]
     * @param weights w, shape [b], or empty for all 1
     */
    static NDArray squaredError(NDArray scores, NDArray targets, Optional<NDArray> weights) {
        NDArray errors = scores.squeeze(CLASSES).sub(targets).square();
        return weights.map(errors::mul).orElse(errors).mean();
    }

    /**
     * Mean cross-entropy: (1/b) sum_i w_i (-log softmax(logits_i)_{y_i}).
     *
     * @param targets class indices y, shape [b], int64
     * @param weights w, shape [b], or empty for all 1
     */
    public static NDArray crossEntropy(NDArray logits, NDArray targets, Optional<NDArray> weights) {
        NDArray nll = tokenNll(logits, targets);
        return weights.map(nll::mul).orElse(nll).mean();
    }

    /** Negative log-likelihood of each target, -log softmax(logits_i)_{y_i}. Shape [b]. */
    public static NDArray tokenNll(NDArray logits, NDArray targets) {
        return logits.logSoftmax(CLASSES)
                .get(new NDIndex().addAllDim().addPickDim(targets))
                .squeeze(CLASSES)
                .neg();
    }

    /** Mean cross-entropy against distributions: -(1/b) sum_i sum_v r_iv log softmax(logits_i)_v. Both of shape [b, v]. */
    public static NDArray crossEntropy(NDArray logits, NDArray distributions) {
        return logits.logSoftmax(CLASSES)
                .mul(distributions)
                .sum(new int[] {CLASSES})
                .mean()
                .neg();
    }
}
