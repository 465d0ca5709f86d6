package io.millrace.schemas;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * How the answers of one model to a probe set differ from those of another, as shares of its examples.
 *
 * @param from id of the checkpoint of the other model
 * @param churn answered with another label than before, right or wrong; absent for a regression
 * @param newlyRight right now, wrong before
 * @param newlyWrong wrong now, right before
 * @param pValue exact two-sided McNemar test that both are equally likely
 * @param differences difference of each score, this model less the other, with its interval
 */
public record ModelChange(
        String from,
        @Nullable Double churn,
        double newlyRight,
        double newlyWrong,
        double pValue,
        Map<String, Interval> differences) {

    public ModelChange {
        Required.field("ModelChange.from", from);
        Required.finiteIfPresent("ModelChange.churn", churn);
        Required.finite("ModelChange.newlyRight", newlyRight);
        Required.finite("ModelChange.newlyWrong", newlyWrong);
        Required.finite("ModelChange.pValue", pValue);
        differences = Required.map("ModelChange.differences", differences);
    }

    /**
     * A difference with the interval that holds it with 95 % confidence.
     *
     * @param value the difference
     * @param low lower end
     * @param high upper end
     */
    public record Interval(double value, double low, double high) {

        public Interval {
            Required.finite("Interval.value", value);
            Required.finite("Interval.low", low);
            Required.finite("Interval.high", high);
        }
    }
}
