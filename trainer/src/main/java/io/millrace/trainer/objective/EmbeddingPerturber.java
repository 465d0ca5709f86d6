package io.millrace.trainer.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

import java.util.random.RandomGenerator;

/** Where the search for the worst perturbation of the embeddings starts. */
@FunctionalInterface
public interface EmbeddingPerturber {

    /** The initial perturbation, shape [n, h], a leaf without gradient. */
    NDArray initial(StepContext step);

    /** Gaussian noise, drawn anew in every step. Packed batches have no padding to keep clean. */
    static EmbeddingPerturber gaussian(double standardDeviation) {
        return step -> {
            RandomGenerator random = step.random().generator(StepRandom.Purpose.PERTURBATION);
            Shape shape = step.cleanWords().getShape();
            float[] noise = new float[Math.toIntExact(shape.size())];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (standardDeviation * random.nextGaussian());
            }
            return step.pass().array(noise, shape);
        };
    }
}
