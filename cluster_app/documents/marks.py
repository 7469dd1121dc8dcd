"""What stands across every page of a paper that is not, or no longer, what it looks like. Printed, so Vietnamese."""

DRAFT = "DỰ THẢO"
PROVISIONAL = "BẢN TẠM TÍNH"
ILLUSTRATIVE = "SỐ LIỆU MINH HỌA"
WITHDRAWN = "ĐÃ THU HỒI"
