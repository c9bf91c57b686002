"""Findings of plausible shape, for what reads them: nobody measured these."""

from __future__ import annotations

from dataclasses import replace

from moderator.classifier.figures import (
    ClassMetrics,
    CurvePoint,
    DisguiseFigures,
    EverydayFigures,
    ExamFigures,
    Findings,
    HeldOutFigures,
    Metrics,
    ModelFigures,
    RankingFigures,
    ReachLine,
    Reliability,
    ReliabilityBin,
    SentenceFigures,
    SpeedFigures,
    TemplateFigures,
    TermFigures,
    TrickFigures,
)

DIGEST = "ab12cd34ef56" + "0" * 52


def metrics(skill: float) -> Metrics:
    """Better, the nearer `skill` is to 1."""
    return Metrics(
        rows=24783,
        accuracy=0.85 + skill / 20,
        weighted_f1=0.85 + skill / 20,
        macro_f1=0.7 + skill / 15,
        classes={
            "hate": ClassMetrics(precision=0.4, recall=skill / 2, f1=skill / 2, rows=1430),
            "offensive": ClassMetrics(precision=0.95, recall=0.92, f1=0.93, rows=19190),
            "neither": ClassMetrics(precision=0.83, recall=0.89, f1=0.86, rows=4163),
        },
        toxic_f1=0.97,
        auc_hate=0.82 + skill / 15,
        auc_toxic=0.98,
        ece_top=0.02,
        ece_hate=0.01,
        ece_toxic=0.2,
        log_loss=0.27,
    )


def reliability(toxic_share: float, lean: float) -> Reliability:
    """Claims that lie `lean` above what happens."""
    bins = tuple(
        ReliabilityBin(
            rows=100 + 10 * i,
            share=(100 + 10 * i) / 1450,
            claimed=i / 10 + 0.05,
            happened=max(0.0, i / 10 + 0.05 - lean),
        )
        for i in range(9)
    )
    empty = ReliabilityBin(rows=0, share=0.0, claimed=0.0, happened=0.0)
    return Reliability(
        toxic_share=toxic_share, base_rate=toxic_share, error=lean, bins=(*bins, empty)
    )


def curve(low: float, high: float) -> tuple[CurvePoint, ...]:
    """Precision from `high`, where little is found, to `low`, where all is."""
    return tuple(
        CurvePoint(
            threshold=i / 100,
            recall=1 - i / 100,
            precision=high - (high - low) * (1 - i / 100) ** 4,
        )
        for i in range(101)
    )


def held_out(skill: float) -> HeldOutFigures:
    """Of Davidson's rows."""
    return HeldOutFigures(
        data="labeled_data.csv",
        folds=5,
        metrics=metrics(skill),
        macro_f1_sd=0.006,
        near_duplicates=412,
        distinct=metrics(skill - 0.05),
        confusion=((700, 600, 130), (1200, 17600, 390), (40, 400, 3723)),
        histograms=(
            (4,) * 10 + (10,) * 6 + (100, 200, 400, 600),
            (20,) * 10 + (100,) * 6 + (800, 1600, 4000, 12000),
            (1600, 900, 500, 250) + (60,) * 16,
        ),
        toxic_curve=curve(0.83, 1.0),
        hate_curve=curve(0.06, 0.5 + skill / 3),
        reliability=reliability(0.83, 0.2),
    )


def exam(skill: float) -> ExamFigures:
    """Of the suites."""
    alarms = tuple(1000.0 * (1 - i / 100) ** (1 + 6 * skill) for i in range(101))
    return ExamFigures(
        everyday=EverydayFigures(
            rows=4301,
            left_out=304,
            flagged_half=alarms[50] / 1000,
            flagged_high=alarms[80] / 1000,
            strict_threshold=0.67,
            strict_share=0.0049,
            alarms_per_1000=alarms,
            histogram=(3000, 800, 200, 100) + (12,) * 16,
        ),
        ranking=tuple(
            RankingFigures(
                source=name,
                rows=4000,
                toxic=970,
                left_out=12,
                auc=0.6 + skill / 4,
                found=0.5,
                false_alarms=0.1,
            )
            for name in ("edos", "hatemoji", "misogyny", "fox")
        ),
        templates=TemplateFigures(
            rows=7400,
            toxic=7300,
            near_duplicates=3100,
            flagged=0.2 - skill / 6,
            found=0.93,
            gap=0.5 - skill / 3,
            terms=tuple(
                TermFigures(term=f"group {i}", rows=150, flagged=(0.5 - skill / 3) / (i + 1))
                for i in range(30)
            ),
        ),
        sentences=(
            SentenceFigures(
                kind="identity",
                rows=337,
                left_out=0,
                flagged=0.03,
                flagged_sentences=("The geese held a meeting <quietly>.",),
                terms=(TermFigures(term="geese", rows=10, flagged=0.3),),
            ),
            SentenceFigures(
                kind="innocent words", rows=112, left_out=0, flagged=0.0, flagged_sentences=()
            ),
        ),
        disguises=DisguiseFigures(
            toxic=4124,
            recall=0.2 + 0.7 * skill,
            disguised=2000,
            found=0.93,
            found_half=0.96,
            tricks=tuple(
                TrickFigures(trick=name, found=0.93 - lost, lost=lost, found_half=0.95 - lost)
                for name, lost in (
                    ("zero-width characters", 0.0),
                    ("digits for letters", 0.04),
                    ("a star for the second letter", 0.12),
                )
            ),
        ),
        board=reliability(0.05, 0.3 * (1 - skill)),
    )


def column(name: str, skill: float) -> ModelFigures:
    """One model."""
    return ModelFigures(
        name=name,
        recipe=name.partition(" ")[0],
        base_rate=0.05,
        held_out=held_out(skill),
        exam=exam(skill),
        speed=SpeedFigures(
            unseen_s=6.1e-05,
            again_s=2.2e-05,
            long_s=0.0007,
            compiled_per_s=16123.4,
            pipeline_s=0.0044 - 0.003 * skill,
            pipeline_per_s=3120.0,
        ),
        model_bytes=1061375,
        pipeline_bytes=1590000,
        fit_s=52.1,
        fit_cpu_s=45.3,
    )


def findings() -> Findings:
    """Three models side by side, the last one the best."""
    return Findings(
        model=f"default@{DIGEST[:12]}",
        sha256=DIGEST,
        data="labeled_data.csv",
        data_sha256="fe" * 32,
        rows=24783,
        trained_on=False,
        abstained={"language": 12, "empty": 1},
        columns=(column("tutorial", 0.1), column("default alone", 0.4), column("new", 0.95)),
        reach=(
            ReachLine(
                figure="macro-F1", cells=("0.712", "0.757", "0.760"), reach="≥ 0.765", reached=False
            ),
            ReachLine(
                figure="clean comments flagged at 0.5",
                cells=("46 %", "55 %", "1.2 %"),
                reach="≤ 1.5 %",
                reached=True,
            ),
            ReachLine(figure="batch, one core", cells=("", "", ""), reach="≥ 3x", reached=None),
        ),
        notes=("Times were taken on two cores that others used, too.",),
    )


def bare() -> Findings:
    """One model file on one file, without any suite."""
    whole = findings()
    last = replace(
        whole.columns[-1],
        name=whole.model,
        base_rate=None,
        held_out=replace(whole.columns[-1].held_out, folds=0, distinct=None),
        exam=ExamFigures(
            everyday=None, ranking=(), templates=None, sentences=(), disguises=None, board=None
        ),
        pipeline_bytes=None,
        fit_s=None,
        fit_cpu_s=None,
    )
    return replace(whole, columns=(last,), reach=(), notes=(), abstained={})
