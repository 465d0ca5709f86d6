package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/** Where the search for the worst perturbation of the embeddings starts. */
@FunctionalInterface
public interface EmbeddingPerturber {

    /** The initial perturbation, shape [n, h], a leaf without gradient. */
    NDArray initial(StepContext step);

    /** Gaussian noise, drawn anew in every step. Packed batches have no padding to keep clean. */
    static EmbeddingPerturber gaussian(double standardDeviation) {
        return step -> {
            step.random().seedEngine(StepRandom.Purpose.PERTURBATION);
            return step.scope()
                    .randomNormal(
                            0f, (float) standardDeviation, step.cleanWords().getShape(), DataType.FLOAT32);
        };
    }
}
