package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Compares computed values with expected ones and remembers the worst relative error. */
public final class Errors {

    public static final double LOSS_TOLERANCE = 1e-4;
    static final double GRADIENT_TOLERANCE = 1e-3;

    /** Gradients that cancel to nothing (a key's bias, say) are compared with this share of the largest norm. */
    private static final double GRADIENT_FLOOR = 1e-3;

    private double worst;
    private double worstAbsolute;

    double worst() {
        return worst;
    }

    /** Largest difference of a loss, a value of an array, or the norm of a gradient. */
    double worstAbsolute() {
        return worstAbsolute;
    }

    public void loss(String what, JsonNode expected, double actual) {
        worstAbsolute = Math.max(worstAbsolute, Math.abs(actual - expected.asDouble()));
        within(what, Math.abs(actual - expected.asDouble()) / Math.abs(expected.asDouble()), LOSS_TOLERANCE);
    }

    /** Largest difference relative to the largest expected magnitude. */
    public void array(String what, List<JsonNode> expected, NDArray actual, double tolerance) {
        List<Double> flat = new ArrayList<>();
        expected.forEach(node -> flatten(node, flat));
        float[] values = actual.toFloatArray();
        assertThat(values).as(what).hasSize(flat.size());
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < values.length; i++) {
            largest = Math.max(largest, Math.abs(flat.get(i)));
            difference = Math.max(difference, Math.abs(values[i] - flat.get(i)));
        }
        worstAbsolute = Math.max(worstAbsolute, difference);
        within(what, difference / largest, tolerance);
    }

    void gradientNorms(JsonNode expected, Map<String, Double> actual) {
        double largest = 0;
        for (JsonNode norm : expected) {
            largest = Math.max(largest, norm.asDouble());
        }
        double floor = largest * GRADIENT_FLOOR;
        assertThat(expected.size()).as("number of gradient norms").isPositive();
        expected.properties().forEach(entry -> {
            double norm = entry.getValue().asDouble();
            assertThat(actual).containsKey(entry.getKey());
            worstAbsolute = Math.max(worstAbsolute, Math.abs(actual.get(entry.getKey()) - norm));
            within(
                    "gradient norm of " + entry.getKey(),
                    Math.abs(actual.get(entry.getKey()) - norm) / Math.max(norm, floor),
                    GRADIENT_TOLERANCE);
        });
    }

    private void within(String what, double error, double tolerance) {
        worst = Math.max(worst, error);
        assertThat(error).as("relative error of " + what).isLessThan(tolerance);
    }

    public static List<JsonNode> nodes(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static void flatten(JsonNode node, List<Double> into) {
        if (node.isArray()) {
            node.forEach(child -> flatten(child, into));
        } else {
            into.add(node.asDouble());
        }
    }
}
