package io.millrace.schemas;

/**
 * The champion compared with the models in training, on examples that neither had been trained on: the state of an
 * e-process, see Choe and Ramdas, "Comparing Sequential Forecasters" (arXiv 2110.00115). It begins anew with every champion.
 *
 * @param champion id of the champion's checkpoint
 * @param examples how many examples both answered
 * @param liveRight how many the models in training answered right, each just before it was trained on the example
 * @param championRight how many the champion answered right
 * @param variance {@code V = sum (x_i - g_i)^2} where {@code x_i} is 1 if only the model in training was right, -1 if only
 *     the champion was, else 0, and {@code g_i} is the mean of the {@code x} before i, 0 for the first
 * @param offsets the offsets of {@code accepted-examples} since the champion, of which these examples are a part
 */
public record FreshComparison(
        String champion, long examples, long liveRight, long championRight, double variance, OffsetRange offsets) {

    public FreshComparison {
        Required.field("FreshComparison.champion", champion);
        Required.finite("FreshComparison.variance", variance);
        Required.field("FreshComparison.offsets", offsets);
    }

    /** {@code S = sum x_i}, the lead of the models in training over the champion, in examples. */
    public long lead() {
        return liveRight - championRight;
    }
}
