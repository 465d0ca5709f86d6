package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

import java.util.Optional;

/** Losses on logits. Logits are [b, c]; results are scalars, in nats, means over b. */
final class Divergences {

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

    /**
     * Mean cross-entropy: (1/b) sum_i w_i (-log softmax(logits_i)_{y_i}).
     *
     * @param targets class indices y, shape [b], int64
     * @param weights w, shape [b], or empty for all 1
     */
    static NDArray crossEntropy(NDArray logits, NDArray targets, Optional<NDArray> weights) {
        NDArray picked = logits.logSoftmax(CLASSES)
                .get(new NDIndex().addAllDim().addPickDim(targets))
                .squeeze(CLASSES)
                .neg();
        return weights.map(picked::mul).orElse(picked).mean();
    }
}
