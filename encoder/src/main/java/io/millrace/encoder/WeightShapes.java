package io.millrace.encoder;

import io.millrace.encoder.config.EncoderConfig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of an encoder's weights according to its config.json, by name, in the order of the kernels. */
final class WeightShapes {

    private WeightShapes() {}

    /** Embeddings and layers, which every checkpoint holds. */
    static Map<String, long[]> body(EncoderConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        EncoderConfig.Shape shape = config.shape();
        long width = shape.width();
        List<String> names = config.architecture().embeddings();
        shapes.put(names.get(0), new long[] {config.vocabulary(), width});
        shapes.put(names.get(1), new long[] {shape.positions(), width});
        if (shape.types() > 0) {
            shapes.put(names.get(2), new long[] {shape.types(), width});
        }
        dense(shapes, names.get(3), names.get(4), width);
        for (int layer = 0; layer < shape.layers(); layer++) {
            layer(shapes, config.architecture().layer(layer), width, config.inner());
        }
        return shapes;
    }

    private static void layer(Map<String, long[]> shapes, List<String> names, long width, long inner) {
        for (int attention = 0; attention < 8; attention += 2) {
            dense(shapes, names.get(attention), names.get(attention + 1), width, width);
        }
        dense(shapes, names.get(8), names.get(9), width);
        dense(shapes, names.get(10), names.get(11), inner, width);
        dense(shapes, names.get(12), names.get(13), width, inner);
        dense(shapes, names.get(14), names.get(15), width);
    }

    /** The dense layer before the class scores. */
    static Map<String, long[]> headDense(EncoderConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List<String> names = config.architecture().classificationHead();
        long width = config.shape().width();
        dense(shapes, names.get(0), names.get(1), width, width);
        return shapes;
    }

    /** The class scores, or the one score. */
    static Map<String, long[]> headScores(EncoderConfig config, int outputs) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List<String> names = config.architecture().classificationHead();
        dense(shapes, names.get(2), names.get(3), outputs, config.shape().width());
        return shapes;
    }

    /** The masked-token head. */
    static Map<String, long[]> tokenHead(EncoderConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        List<String> names = config.architecture().tokenHead();
        long width = config.shape().width();
        dense(shapes, names.get(0), names.get(1), width, width);
        dense(shapes, names.get(2), names.get(3), width);
        shapes.put(names.get(4), new long[] {config.vocabulary()});
        return shapes;
    }

    private static void dense(Map<String, long[]> shapes, String weight, String bias, long... shape) {
        shapes.put(weight, shape);
        shapes.put(bias, new long[] {shape[0]});
    }
}
