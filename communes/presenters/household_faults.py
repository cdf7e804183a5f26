"""What was found in a file of households, in words: one sentence for each code of `rules.register_files`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from communes.models import ImportFault
from communes.presenters.list_faults import list_messages, list_words
from communes.rules.register_files.stated import CellFault
from mongcai_portal.common.grids import letters


def field_name(key: str) -> str:
    """What a field of a file is called."""
    return {
        "code": _("mã hộ"),
        "unit": _("xã, phường"),
        "village": _("thôn, bản, khu"),
        "address": _("địa chỉ"),
        "no_labour": _("không có khả năng lao động"),
        "farming": _("làm nông, lâm, ngư, diêm nghiệp"),
        "income": _("thu nhập bình quân"),
        "note": _("ghi chú"),
        "name": _("họ và tên"),
        "head": _("chủ hộ"),
        "status": _("phân loại hộ"),
        "relation": _("quan hệ với chủ hộ"),
        "birth_date": _("ngày sinh"),
        "sex": _("giới tính"),
        "ethnicity": _("dân tộc"),
        "identity_number": _("số định danh"),
        "schooling": _("tình trạng đi học"),
        "education": _("trình độ"),
        "work": _("việc làm"),
        "health_insurance": _("bảo hiểm y tế"),
        "allowance": _("trợ cấp xã hội"),
        "meritorious": _("người có công"),
        "nutrition": _("dinh dưỡng"),
    }.get(key, key)


def shape_name(shape: str) -> str:
    """What a shape of days is called."""
    return {
        "dmy": _("ngày/tháng/năm"),
        "mdy": _("tháng/ngày/năm"),
        "ymd": _("năm-tháng-ngày"),
        "month": _("chỉ tháng và năm"),
        "year": _("chỉ năm"),
        "true_date": _("ô kiểu ngày của Excel"),
        "serial": _("số ngày của Excel"),
    }.get(shape, shape)


def where(fault: ImportFault | CellFault) -> str:
    """The cell of a fault as people read it: `E12`; of a whole row its number."""
    if fault.column:
        return f"{letters(fault.column)}{fault.row}"
    return _("dòng %(row)s") % {"row": fault.row}


def message(code: str, field: str, told: Mapping[str, str]) -> str:
    """Say what is wrong."""
    if code == "refused":
        return told.get("message", "")
    words = {**list_words(told), "field": field_name(field), "shape": shape_name(told.get("shape", ""))}
    return (_messages() | list_messages(told)).get(code, pgettext("fault", "Không đọc được ô này.")) % words


def _messages() -> dict[str, str]:
    return {
        # The cell itself.
        "required": _("Thiếu %(field)s."),
        "too_long": _("Dài quá %(longest)s ký tự."),
        "unprintable": _("Có ký tự không đọc được."),
        "uncomputed": _("Công thức chưa có kết quả: mở bằng Excel, tính rồi lưu lại, hoặc dán giá trị."),
        "cell_error": _("Công thức báo lỗi."),
        "hidden_row": _("Dòng đang bị ẩn hoặc bị lọc nhưng có nội dung: bỏ ẩn để xem, hoặc xóa."),
        "merged": _("Ô bị gộp với ô khác: bỏ gộp và ghi từng ô."),
        "unknown_word": _("Không hiểu “%(word)s” ở mục %(field)s: khai báo nghĩa của từ này, hoặc sửa trong tệp."),
        "shape": _("Ngày kiểu “%(shape)s” chưa được khai báo cho tệp này."),
        "not_a_day": _("Không phải là ngày."),
        "short_year": _("Năm phải đủ bốn chữ số."),
        "other_order": _("Không có ngày này; theo kiểu “%(shape)s” thì có. Xem lại kiểu ngày đã khai báo."),
        "not_a_number": _("Không phải là số."),
        "wrong_number": _("Số viết không đúng kiểu đã khai báo."),
        "not_whole": _("Thu nhập phải là số nguyên đồng."),
        "negative": _("Thu nhập không được âm."),
        "beyond_limits": _("Thu nhập quá lớn; xem lại đơn vị đã khai báo."),
        "malformed": _(
            "Số định danh cá nhân gồm 12 chữ số bắt đầu bằng mã tỉnh; số chứng minh nhân dân cũ gồm 9 chữ số."
        ),
        "zero_lost": _("Excel đã bỏ số 0 ở đầu số định danh: để cột này ở dạng chữ (Text) rồi ghi lại đủ 12 chữ số."),
        # Places.
        "unknown_unit": _("Không có xã, phường “%(unit)s” trong phạm vi của tệp."),
        "unknown_village": _("Không có thôn, bản, khu “%(village)s” trong phạm vi của tệp vào ngày đó."),
        "other_unit": _("Thôn, bản, khu “%(village)s” không thuộc “%(unit)s”."),
        "several_villages": _("Có %(n)s thôn, bản, khu tên “%(village)s”: thêm cột xã, phường hoặc ghi mã thôn."),
        # Households and people.
        "code_reused": _("Mã hộ này đã dùng ở dòng %(first)s; các dòng của một hộ phải đứng liền nhau."),
        "code_used": _("Mã hộ này đã dùng trong sổ cho hộ khác, hoặc hộ đã thay đổi từ khi nhập."),
        "code_is_number": _(
            "Mã hộ có dạng hoặc trùng với số định danh của một người, mà mã hộ thì hiện trên trang: chọn cột khác làm"
            " mã hộ, hoặc thêm vào tệp một cột đánh số hộ."
        ),
        "holds_number": _("Có số định danh 12 chữ số trong %(field)s: xóa số đó, chỉ ghi vào cột số định danh."),
        "differs": _("Khác với dòng %(first)s của cùng hộ."),
        "no_head": _("Hộ không có chủ hộ."),
        "two_heads": _("Hộ có hai chủ hộ."),
        "unknown": _("Không có quan hệ này."),
        "in_future": _("Ngày sinh chưa tới."),
        "too_long_ago": _("Ngày sinh cách đây hơn 125 năm."),
        "born_later": _("Sinh sau ngày hộ vào sổ."),
        "child_too_old": _("Là con nhưng không kém chủ hộ đủ 12 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "grandchild_too_old": _("Là cháu nhưng không kém chủ hộ đủ 24 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "parent_too_young": _("Là bố, mẹ nhưng không hơn chủ hộ đủ 12 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "grandparent_too_young": _("Là ông, bà nhưng không hơn chủ hộ đủ 24 tuổi; xem lại ngày sinh hoặc quan hệ."),
        "not_a_child": _("Tình trạng dinh dưỡng chỉ ghi cho trẻ dưới 16 tuổi."),
        "kindergarten": _("Người từ 8 tuổi trở lên không còn học mầm non."),
        "number_twice": _("Số định danh này đã ghi ở dòng %(first)s cho người khác."),
        "number_known": _("Số định danh này đã có trong sổ hộ."),
        "empty": _("Không có dòng dữ liệu nào từ dòng này trở đi."),
        # What may be right all the same.
        "person_twice": _(
            "Cùng họ tên, cùng thôn, cùng ngày (hoặc tháng, năm) sinh như đã ghi với dòng %(first)s: một người ghi hai"
            " lần, hay hai người?"
        ),
        "person_known": _(
            "Cùng họ tên, cùng thôn, cùng ngày (hoặc tháng, năm) sinh như đã ghi với một người của hộ %(code)s trong"
            " sổ: cùng một người?"
        ),
        "school_age": _("Tuổi này hiếm khi còn học cấp học đó."),
        "degree_age": _("Tuổi này hiếm khi đã có bằng cấp đó."),
        "allowance_age": _("Tuổi này hiếm khi đã hưởng trợ cấp người cao tuổi."),
        "days_swapped": _(
            "%(dates)s ô kiểu ngày đều có ngày từ 12 trở xuống, %(texts)s ô chữ đều có ngày từ 13 trở lên: có lẽ Excel"
            " đã đổi chỗ ngày và tháng."
        ),
    }
