package io.millrace.trainer.drift;

import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.List;

/**
 * Logistic regression over words and pairs of neighbours, in hash buckets, by one step of gradient descent per example: a model that learns
 * from a stream in seconds, where an encoder takes minutes.
 */
final class WordModel {

    private static final int BUCKETS = 1 << 14;
    private static final double LEARNING_RATE = 0.5;
    private static final double NEGLIGIBLE = 1e-4;

    private final List<String> labels;
    private final float[][] weights;

    private WordModel(List<String> labels) {
        this.labels = labels;
        weights = new float[labels.size()][BUCKETS];
    }

    /** Tests and trains on each example of a stream in turn; what a detector sees, without tokens and embeddings. */
    static List<Observation> observe(List<LabelledExample> stream) {
        WordModel model = new WordModel(
                stream.stream().map(LabelledExample::label).distinct().sorted().toList());
        List<Observation> observations = new ArrayList<>();
        for (LabelledExample example : stream) {
            boolean isRight = model.learn(example);
            observations.add(new Observation(observations.size(), example, isRight, 0, new float[0]));
        }
        return observations;
    }

    /** Whether it was right before it trained. */
    private boolean learn(LabelledExample example) {
        int[] features = features(example.text());
        double[] scores = new double[labels.size()];
        int best = 0;
        for (int label = 0; label < scores.length; label++) {
            for (int feature : features) {
                scores[label] += weights[label][feature];
            }
            best = scores[label] > scores[best] ? label : best;
        }
        double largest = scores[best];
        double sum = 0;
        for (int label = 0; label < scores.length; label++) {
            scores[label] = Math.exp(scores[label] - largest);
            sum += scores[label];
        }
        int target = labels.indexOf(example.label());
        for (int label = 0; label < scores.length; label++) {
            double error = (label == target ? 1 : 0) - scores[label] / sum;
            if (Math.abs(error) > NEGLIGIBLE) {
                for (int feature : features) {
                    weights[label][feature] += (float) (LEARNING_RATE * error);
                }
            }
        }
        return best == target;
    }

    private static int[] features(String text) {
        List<String> words = Words.of(text);
        List<Integer> features = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            features.add(bucket(words.get(i)));
            features.add(bucket((i == 0 ? "" : words.get(i - 1)) + " " + words.get(i)));
        }
        return features.stream().mapToInt(feature -> feature).distinct().toArray();
    }

    private static int bucket(String feature) {
        return (feature.hashCode() * 0x9E3779B9) >>> 18;
    }
}
