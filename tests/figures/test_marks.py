from matplotlib.figure import Figure

from glasswf.figures import marks

ROW = {"m": 3.0, "d": 2.0, "e": 0.5, "diffusive": True, "gates_passed": True, "upper_bound_cm2_s": None}


def _points(**changes):
    return marks.points([ROW | changes], lambda row: row["m"], "d", "e")


def test_a_trusted_point_is_solid_with_its_error():
    assert _points() == [marks.Point(3.0, 2.0, 0.5, solid=True, bound=False)]


def test_a_failed_gate_opens_the_symbol_but_keeps_the_value():
    assert _points(gates_passed=False) == [marks.Point(3.0, 2.0, 0.5, solid=False, bound=False)]


def test_an_upper_bound_replaces_a_value_that_is_not_diffusive():
    assert _points(diffusive=False, upper_bound_cm2_s=4.0) == [marks.Point(3.0, 4.0, 0.0, solid=False, bound=True)]
    assert _points(upper_bound_cm2_s=4.0)[0].value == 2.0


def test_points_without_value_or_place_are_left_out_and_the_rest_sorted():
    rows = [ROW | {"m": 4.0}, ROW | {"d": None}, ROW | {"m": None}, ROW]
    assert [point.x for point in marks.points(rows, lambda row: row["m"], "d", "e")] == [3.0, 4.0]


def test_log_limits_hold_values_bars_and_arrows_but_no_endless_bar():
    axes = Figure().subplots()
    drawn = [marks.Point(2, 1e-6, 5e-6, True, False), marks.Point(3, 1e-4, 1e-5, True, False),
             marks.Point(4, 1e-7, 0, False, True)]  # fmt: skip
    marks.log_limits(axes, drawn)
    low, high = axes.get_ylim()
    assert low <= 0.5e-7
    assert 1.1e-4 <= high < 3e-4


def test_open_symbols_are_explained_only_where_they_occur():
    assert marks.open_key([ROW]) == []
    assert marks.open_key([ROW, ROW | {"diffusive": False}])[0].get_label() == "not diffusive"
    assert "gate" in marks.open_key([ROW | {"gates_passed": False}])[0].get_label()
