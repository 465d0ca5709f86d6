package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * The frozen weights of a model as the passes read them. They are brought into that form once, and not in every step. Weights and their
 * copies share it. Use it on one thread.
 */
final class PreparedOnce {

    private final NDManager owner;
    private @Nullable NDList prepared;
    private @Nullable NDArray tokenWords;

    /**
     * Nothing is prepared yet.
     *
     * @param owner takes what is made
     */
    PreparedOnce(NDManager owner) {
        this.owner = owner;
    }

    /**
     * The weights of all places but those of adapters.
     *
     * @param isMoving by its number, whether a place is trained: it is not to be read
     */
    List<NDArray> places(TorchScriptModule kernels, NDList weights, IntPredicate isMoving) {
        NDList made = prepared;
        if (made == null) {
            made = kernels.call(owner, "prepare", weights);
            for (int i = 0; i < made.size(); i++) {
                if (isMoving.test(i)) {
                    made.get(i).close();
                }
            }
            prepared = made;
        }
        return made;
    }

    /** The word embedding as the masked-token head reads it. */
    NDArray tokenWords(TorchScriptModule kernels, NDArray words) {
        NDArray made = tokenWords;
        if (made == null) {
            made = kernels.call(owner, "prepare_words", words).get(0);
            tokenWords = made;
        }
        return made;
    }
}
