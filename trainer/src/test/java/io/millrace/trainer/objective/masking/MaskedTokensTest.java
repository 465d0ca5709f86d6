package io.millrace.trainer.objective.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.trainer.config.SelfEvolutionConfig;
import io.millrace.trainer.objective.MaskedTokenTerm;
import io.millrace.trainer.objective.MaskedTokenTerm.Source;
import io.millrace.trainer.objective.Objective;
import io.millrace.trainer.objective.Terms;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

class MaskedTokensTest {

    private static final TokenizedText NO_TOKEN =
            new TokenizedText(new int[] {2, 3}, new int[2], new boolean[] {true, true});
    private static final TokenizedText ONE_TOKEN =
            new TokenizedText(new int[] {2, 40, 3}, new int[3], new boolean[] {true, false, true});

    private Terms terms;

    private record Way(MaskingPolicy policy, MaskedEncoding encoding) {}

    static Stream<Way> ways() {
        List<MaskingPolicy> policies =
                List.of(new RandomMasking(0.3), new SelfEvolutionMasking(0.3, new SelfEvolutionConfig(null, null)));
        List<MaskedEncoding> encodings =
                List.of(new StandardEncoding(), new ExcludedEncoding(0), new ExcludedEncoding(9));
        return policies.stream().flatMap(policy -> encodings.stream().map(encoding -> new Way(policy, encoding)));
    }

    @BeforeEach
    void open() throws IOException {
        terms = new Terms();
    }

    @AfterEach
    void close() {
        terms.close();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldBeZeroWithFiniteGradientsWhereNothingCanBeMasked(Way way) {
        // When
        NDArray loss = loss(way, List.of(NO_TOKEN, NO_TOKEN));

        // Then
        assertThat(loss.getFloat()).isZero();
        assertThat(terms.gradientNorms(loss).values()).isNotEmpty().containsOnly(0.0);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldBeFiniteForTextsOfOneTokenOrNone(Way way) {
        // When
        NDArray loss = loss(way, List.of(ONE_TOKEN, NO_TOKEN, terms.texts().get(0)));

        // Then
        assertThat(loss.getFloat()).isPositive().isFinite();
        assertThat(terms.gradientNorms(loss).values())
                .allSatisfy(norm -> assertThat(norm).isFinite());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldMaskTheOnlyTokenOfTheOnlyExample(Way way) {
        // When
        NDArray loss = loss(way, List.of(ONE_TOKEN));

        // Then
        assertThat(loss.getFloat()).isPositive().isFinite();
        assertThat(terms.gradientNorms(loss).values())
                .allSatisfy(norm -> assertThat(norm).isFinite());
    }

    @Test
    void shouldHaveNoTermInAStepWithoutTexts() {
        // Given
        MaskedTokenTerm term = new MaskedTokenTerm(
                1, new MaskedTokens(new RandomMasking(0.3), new StandardEncoding(), terms.masks()), Source.UNLABELLED);

        // When / Then
        assertThat(term.evaluate(terms.stepOnTexts(List.of()))).isEmpty();
    }

    @Test
    void shouldSmoothTheTargetsAsTheExplicitMixtureWould() {
        // Given
        NDArray logits = terms.step().scope().create(new float[] {1, -2, 3, 0.5f, 0, -1}, new Shape(2, 3));
        NDArray originals = terms.step().scope().create(new long[] {2, 0});
        float[][] r = {{0.2f, 0.3f, 0.5f}, {0.1f, 0.8f, 0.1f}};
        MaskingPolicy.Smoothing smoothing =
                new MaskingPolicy.Smoothing(0.1, terms.step().scope().create(r));

        // When
        float loss = MaskedTokens.loss(terms.step(), logits, originals, Optional.of(smoothing))
                .getFloat();

        // Then
        NDArray mixture = terms.step().scope().create(new float[][] {
            {0.1f * 0.2f, 0.1f * 0.3f, 0.9f + 0.1f * 0.5f}, {0.9f + 0.1f * 0.1f, 0.1f * 0.8f, 0.1f * 0.1f}
        });
        double expected = -logits.logSoftmax(-1).mul(mixture).sum().getFloat() / originals.size();
        assertThat((double) loss).isCloseTo(expected, within(1e-6));
    }

    private NDArray loss(Way way, List<TokenizedText> texts) {
        MaskedTokenTerm term = new MaskedTokenTerm(
                1, new MaskedTokens(way.policy(), way.encoding(), terms.masks()), Source.UNLABELLED);
        return new Objective(List.of(term)).evaluate(terms.stepOnTexts(texts)).total();
    }
}
