package io.millrace.trainer.drift;

import io.millrace.schemas.LabelledExample;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A stream of made-up examples whose properties are set one by one: 20 labels, a vocabulary in which the k-th word has a share of about 1/k,
 * texts of 4 to 16 words, and embeddings of 16 dimensions.
 */
public final class SyntheticStream {

    static final int LABELS = 20;
    private static final int VOCABULARY = 1_000;
    private static final int DIMENSIONS = 16;

    private final RandomGenerator random;
    private final boolean isBursty;
    private long offset;
    private Properties properties = Properties.STABLE;
    private double mood;
    private int topic;

    /**
     * What the examples are like.
     *
     * @param error probability that the model is wrong
     * @param labels how many of the labels occur
     * @param words mean number of words per text
     * @param unknown share of unknown tokens
     * @param newWords share of words that are not in the usual vocabulary
     * @param shift how far the embeddings are moved along one axis, in standard deviations
     */
    public record Properties(double error, int labels, int words, double unknown, double newWords, double shift) {

        public static final Properties STABLE = new Properties(0.2, LABELS, 10, 0.005, 0, 0);

        public Properties withError(double value) {
            return new Properties(value, labels, words, unknown, newWords, shift);
        }

        public Properties withLabels(int value) {
            return new Properties(error, value, words, unknown, newWords, shift);
        }

        public Properties withWords(int value) {
            return new Properties(error, labels, value, unknown, newWords, shift);
        }

        public Properties withUnknown(double value) {
            return new Properties(error, labels, words, value, newWords, shift);
        }

        public Properties withNewWords(double value) {
            return new Properties(error, labels, words, unknown, value, shift);
        }

        public Properties withShift(double value) {
            return new Properties(error, labels, words, unknown, newWords, value);
        }
    }

    /**
     * A stream at its start.
     *
     * @param isBursty whether neighbours are alike: errors, lengths and labels come in runs of about 20 examples
     */
    public SyntheticStream(long seed, boolean isBursty) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.isBursty = isBursty;
    }

    /** From the next example on, the stream is like this. */
    public void become(Properties next) {
        properties = next;
    }

    /** The next examples. */
    public List<Observation> next(int count) {
        List<Observation> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(next());
        }
        return examples;
    }

    private Observation next() {
        if (isBursty && random.nextInt(20) == 0) {
            mood = random.nextDouble() - 0.5;
            topic = random.nextInt(properties.labels());
        }
        double error = properties.error() + 0.3 * mood * properties.error();
        int words = Math.max(1, (int) Math.round(properties.words() * (0.6 + 0.8 * random.nextDouble() + 0.3 * mood)));
        StringBuilder text = new StringBuilder();
        int unknown = 0;
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(word());
            unknown += random.nextDouble() < properties.unknown() ? 1 : 0;
        }
        int label =
                isBursty && random.nextInt(10) < 3 ? topic % properties.labels() : random.nextInt(properties.labels());
        LabelledExample example =
                new LabelledExample("id-" + offset, text.toString(), null, "label-" + label, null, null, null);
        return new Observation(offset++, example, random.nextDouble() >= error, unknown / (double) words, embedding());
    }

    private String word() {
        int rank = (int) Math.exp(random.nextDouble() * Math.log(VOCABULARY));
        return random.nextDouble() < properties.newWords() ? "new" + rank : "w" + rank;
    }

    private float[] embedding() {
        float[] embedding = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            embedding[i] = (float) (1 + random.nextGaussian());
        }
        embedding[0] += (float) properties.shift();
        return embedding;
    }
}
