package io.millrace.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.Architecture;
import io.millrace.encoder.config.EncoderConfig;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The weights of an encoder that was never trained, for pre-training from scratch: sizes come from its config.json. */
final class UntrainedEncoder {

    private UntrainedEncoder() {}

    /** An encoder with its masked-token head and no head for a task. */
    static Weights draw(EncoderConfig config, NDManager owner, RandomGenerator random) {
        WeightInitializer drawn =
                new WeightInitializer(owner, random, config.shape().initializerRange());
        EncoderConfig.Shape shape = config.shape();
        Architecture architecture = config.architecture();
        int width = shape.width();
        int vocabulary = config.vocabulary();
        int inner = config.inner();
        Map<String, NDArray> slots = new LinkedHashMap<>();
        List<String> embeddings = architecture.embeddings();
        slots.put(embeddings.get(0), drawn.matrix(vocabulary, width));
        slots.put(embeddings.get(1), drawn.matrix(shape.positions(), width));
        slots.put(embeddings.get(2), drawn.matrix(Math.max(1, shape.types()), width));
        drawn.norm(slots, embeddings, 3, width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            slots.putAll(drawn.layer(architecture.layer(layer), width, inner));
        }
        Set<String> constants = new HashSet<>(architecture.classificationHead());
        architecture.classificationHead().forEach(name -> slots.put(name, owner.zeros(new Shape(1, width))));
        if (shape.types() == 0) {
            constants.add(embeddings.get(2));
            slots.put(embeddings.get(2), owner.zeros(new Shape(1, width)));
        }
        List<String> head = architecture.tokenHead();
        drawn.dense(slots, head, 0, width, width);
        drawn.norm(slots, head, 2, width);
        slots.put(head.get(4), drawn.constant(vocabulary, 0));
        return new Weights(owner, slots, constants, Set.copyOf(head));
    }
}
